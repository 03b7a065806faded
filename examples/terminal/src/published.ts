/**
 * Figures of [MS] (arXiv:2401.04890), computed from its run logs: constraint method, five runs of 300,000 steps. The bound
 * on the number of edges is the true number or, where no run had that, the bound with the best MCC.
 */

/** Means over the runs. */
export interface PublishedFigure {
  readonly mcc: number
  readonly rCon: number
  readonly shd: number
  readonly seconds: number
  /** The bound on the number of edges. */
  readonly edges: number
}

/** What was published of a run, of whatever method: of those without a graph no SHD. */
export interface Published extends Pick<PublishedFigure, 'mcc' | 'rCon'> {
  readonly shd: number | null
  readonly seconds: number | null
}

const figures: Readonly<Record<string, PublishedFigure>> = {
  ActionDiag: { mcc: 0.9989, rCon: 0.9989, shd: 0, seconds: 17142, edges: 10 },
  ActionNonDiag: { mcc: 0.9982, rCon: 0.9982, shd: 0.4, seconds: 17271, edges: 20 },
  ActionBlockDiag: { mcc: 0.8493, rCon: 0.9879, shd: 0.8, seconds: 16696, edges: 10 },
  ActionBlockNonDiag: { mcc: 0.8186, rCon: 0.988, shd: 3.4, seconds: 18443, edges: 15 },
  TimeDiag: { mcc: 0.9595, rCon: 0.9595, shd: 0, seconds: 15963, edges: 10 },
  TimeNonDiag: { mcc: 0.8248, rCon: 0.8248, shd: 14.8, seconds: 15499, edges: 50 },
  TimeBlockDiag: { mcc: 0.8429, rCon: 0.9918, shd: 1.2, seconds: 17582, edges: 20 },
  TimeBlockNonDiag: { mcc: 0.8467, rCon: 0.9915, shd: 9.2, seconds: 15847, edges: 30 }
}

/** The eight problems with published figures. */
export const publishedProblems: readonly string[] = Object.keys(figures)

/** The published figures, which are of 10 latents; undefined for other problems or sizes. */
export const publishedFigure = (problem: string, latents: number): PublishedFigure | undefined =>
  latents === 10 ? figures[problem] : undefined
