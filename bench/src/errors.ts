/** Why a case has no figures. */

/** How far two results of the same computation are apart, and how far they may be. */
export interface Difference {
  readonly what: string
  readonly difference: number
  readonly allowed: number
}

export type BenchError =
  /** Not a failure: the case is left out. */
  | { readonly _tag: 'NoPeer'; readonly modules: readonly string[]; readonly packages: readonly string[] }
  /** One of both sides could not compute it; `detail` is its own complaint. */
  | { readonly _tag: 'CaseFailed'; readonly detail: string }
  /** Both sides compute different things, so their times must not be compared. */
  | { readonly _tag: 'Disagreement'; readonly worst: Difference }

export const message = (error: BenchError): string => {
  switch (error._tag) {
    case 'NoPeer':
      return `no Python with ${error.modules.join(', ')} was found; on Debian: apt-get install ${error.packages.join(' ')}`
    case 'CaseFailed':
      return error.detail
    case 'Disagreement': {
      const { what, difference, allowed } = error.worst
      return `both sides compute different things: ${what} differs by ${difference.toExponential(2)}, at most ${allowed.toExponential(2)} is allowed`
    }
  }
}
