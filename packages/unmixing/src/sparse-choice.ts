/**
 * The basis of sequences whose mechanisms interact: that of sparse slopes or, where codes are too bent for it, that of diagonal
 * second derivatives.
 */
import { type Basis, sameBasis } from './basis.js'
import {
  additiveCandidate,
  type Candidate,
  type Chosen,
  likelihoodOf,
  listening,
  pause,
  type Searching,
  worthRows
} from './candidates.js'
import { quadratic } from './cause-counts.js'
import { decideEdges } from './edge-decision.js'
import { type HessianBasis, hessianBasis, MOST_LATENTS_OF_HESSIANS } from './hessian-basis.js'
import { type ResponseFit, responseFit, variancesGivenParents } from './response-fit.js'
import type { SlopesProblem } from './slope-family.js'
import { type MeanSlopes, meanSlopes, type SparseSlopes, sparseSlopes } from './sparse-slopes.js'
import type { Choice } from './unmixed.js'

/** Points at which slopes are taken. */
const SLOPE_POINTS = 800
/** Share of second derivatives beside the diagonals from which on these say nothing of a basis. */
const MOST_BESIDE_DIAGONALS = 0.25
/** Bases whose rows are this parallel are one, of which slopes say more exactly where it is. */
const NEAR = 0.9
/** Nats a row and latent that parents alone may predict worse than the whole past does. */
const LOST = 0.05

/** Residual variances of latents under a response fit. */
const responseVariances = (
  rows: Float64Array,
  { residualCovariance }: ResponseFit,
  d: number
): Float64Array => Float64Array.from({ length: d }, (_, i) => quadratic(rows, i, residualCovariance, d))

/** What any smooth function of past and actions predicts, and slopes of it. */
interface Response {
  readonly fit: ResponseFit
  readonly problem: SlopesProblem
}

const responseOf = ({ codes, sizes, random }: Searching): Response => {
  const { latents: d, past, actions } = codes
  const fit = responseFit(codes, sizes, random.split('response'))
  let noise = 0
  for (let i = 0; i < d; i++) noise += fit.residualCovariance[i * d + i] / d
  const points = Math.min(SLOPE_POINTS, Math.floor(sizes.rows / 2))
  const shape = { latents: d, lags: past.length, actions: actions.length }
  return { fit, problem: { ...shape, slopes: fit.slopes(points), points, noise } }
}

/** A basis and what slopes are worth in it. */
interface Proposal extends Basis, MeanSlopes, Pick<SparseSlopes, 'ahead' | 'clearer'> {}

/** A basis whose edges are what slopes of the response are worth, `squares` of them in noise variances. */
const slopesCandidate = (
  searching: Searching,
  { fit, problem: { noise } }: Response,
  { rows, found, latents, actions }: Proposal
): Candidate => {
  const d = searching.codes.latents
  const variances = responseVariances(rows, fit, d)
  const worth = (squares: Float64Array): Float64Array =>
    squares.map(
      (square, at) => 0.5 * Math.log1p((square * noise) / variances[Math.floor((at * d) / squares.length)])
    )
  return {
    ...additiveCandidate(searching, { rows, found }, 'sparse'),
    latentWorth: worth(latents),
    actionWorth: worth(actions),
    logLikelihood: likelihoodOf(rows, d, variances)
  }
}

/** The basis of second derivatives, where they are diagonal and both halves of the data say so. */
const hessianProposal = (
  hessians: HessianBasis | undefined,
  problem: SlopesProblem
): Proposal | undefined => {
  if (hessians === undefined || hessians.left > MOST_BESIDE_DIAGONALS) return undefined
  const { rows, agreed: found } = hessians
  return found.every((one) => one)
    ? { rows, found, ahead: undefined, ...meanSlopes(problem, rows) }
    : undefined
}

const slopesProposal = ({ agreed: found, ...rest }: SparseSlopes): Proposal => ({ found, ...rest })

/** Log-likelihood a row of held-out next codes given parents alone: those of so many edges, or above a gap. */
const parentsLikelihood = (
  { codes, sizes, random }: Searching,
  candidate: Candidate,
  count?: number
): number => {
  const { latents: d } = codes
  const { edges } = decideEdges(worthRows(candidate, d).joint, count)
  const variances = variancesGivenParents(codes, candidate.rows, edges, sizes, random.split('parents'))
  return likelihoodOf(candidate.rows, d, variances)
}

/**
 * The basis in which slopes of the response to past and actions are sparse; `given` are bases to start from, too. In codes that
 * are bent, every latent depends a little on everything, and sparse slopes may belong to a basis that is not the latents'. It shows:
 * the parents do not predict what the whole past does. Then it is the basis in which second derivatives are diagonal, if they
 * are and both halves of the data find it.
 */
export const sparseChoice = async (
  searching: Searching,
  given: readonly Float64Array[] = []
): Promise<Chosen> => {
  const { codes, sizes, options, random } = searching
  const d = codes.latents
  const response = responseOf(searching)
  await pause()
  const hessians = d > MOST_LATENTS_OF_HESSIANS ? undefined : hessianBasis(codes, sizes.rows)
  const slopes = await sparseSlopes(
    response.problem,
    hessians === undefined ? given : [...given, hessians.rows],
    random.split('slopes'),
    listening(options, 'rotations tried'),
    options.edges
  )
  /** What a proposal comes to; parents are asked unless interrupted. */
  const answer = (proposal: Proposal): Chosen => {
    const best = slopesCandidate(searching, response, proposal)
    const { logLikelihood } = best
    const choice: Choice = {
      logLikelihood,
      ahead: proposal.ahead,
      ...(proposal.clearer === undefined ? {} : { clearer: proposal.clearer }),
      unit: 'causes',
      searches: slopes.tried
    }
    if (options.signal?.aborted === true) return { best, choice }
    const lost = logLikelihood - parentsLikelihood(searching, best, options.edges)
    return { best: { ...best, sparsity: { lost, rejected: lost > LOST * d } }, choice }
  }
  const sparse = slopesProposal(slopes)
  const first = answer(sparse)
  if (first.best.sparsity?.rejected !== true) return first
  await pause()
  const diagonal = hessianProposal(hessians, response.problem)
  return diagonal === undefined || sameBasis(diagonal.rows, sparse.rows, d, NEAR) ? first : answer(diagonal)
}
