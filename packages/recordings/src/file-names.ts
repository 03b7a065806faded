/** Names of files, with the separators of all systems: a page has no other, and a path may come from elsewhere. */

/** `monday.csv` of `data/monday.csv`. */
export const basename = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)

/** `.csv` of `DATA.CSV`; nothing where there is no dot, or only a first one. */
export const endingOf = (path: string): string =>
  /[^.].*?(\.[^.]*)$/.exec(basename(path))?.[1].toLowerCase() ?? ''
