/** Every .wat file of the packages' sources. */
export const sources: readonly string[]
/** The path of the module that a .wat file is assembled to. */
export const moduleOf: (source: string) => string
/** What stands in that module's file. */
export const assemble: (source: string) => Promise<string>
