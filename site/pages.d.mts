export const root: string
export const repository: string
export const excluded: readonly string[]
/** Where a file of the repository stands on the site. */
export const placeOf: (file: string) => string
/** Where a link of a file leads on the site; undefined: nowhere. */
export const targetOf: (file: string, link: string) => string | undefined
export const namesFile: string
