/** Where the accepted reports lie. */
export const accepted: string
/** The report of a package in a folder. */
export const fileOf: (folder: string, name: string) => string
export const packageNames: readonly string[]
/** The report of each package, by its name. Throws if one is not built. */
export const apiReports: (names?: readonly string[]) => Readonly<Record<string, string>>
/** Reports of packages that are no more. */
export const strayReports: () => readonly string[]
