/** The model that refinement starts from: in the basis that unmixing found, with the edges that may be. */
import { generator } from '@mechid/random'
import { relativeWorth, type Unmixed } from '@mechid/unmixing'
import type { CausalGraph } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { Configuration } from '../../configuration/configuration.js'
import type { EstimatorError } from '../../errors.js'
import type { Model } from '../../model/model.js'
import { initialParameters } from '../../model/parameters.js'
import type { StagedTraining } from '../stage.js'
import { changesVariances, foldedCoders, unmixedModel } from '../unmixed-model.js'
import { isSure, type UnmixedStage } from './unmix-stage.js'

type Outcome<A> = E.Either<EstimatorError, A>

/** Share of the least relative worth of an edge from which on a cause may be one. */
const MARGIN = 0.3

/** Edges to refine with: those found, and some that may be, since the codes are not precise yet. */
export const likelyEdges = ({ worth: { latents, actions }, decision }: Unmixed): CausalGraph => {
  const causes = latents?.[0]?.length ?? 0
  const rows = (latents ?? actions ?? []).map((_, i) => [...(latents?.[i] ?? []), ...(actions?.[i] ?? [])])
  const likely = relativeWorth(rows).map((row) =>
    row.map((value) => (value > 0 && value > MARGIN * decision.threshold ? 1 : 0))
  )
  return {
    ...(latents === undefined ? {} : { latents: likely.map((row) => row.slice(0, causes)) }),
    ...(actions === undefined ? {} : { actions: likely.map((row) => row.slice(causes)) })
  }
}

/** Nats a row and latent that interactions must seem to be worth for networks to learn beside series, in codes that are not precise. */
const WORTH_NETWORKS = 0.35

/** The model in the basis of the answer, on a graph: series, and networks beside them if asked for. */
export const onGraph = (
  options: StagedTraining,
  model: Model,
  { unmixed, variances }: UnmixedStage,
  graph: CausalGraph,
  withNetworks: boolean
): Outcome<Model> => {
  const { transition } = options.configuration.refinement.networks
  const random = generator(options.seed).split('refinement')
  return unmixedModel(
    model,
    unmixed,
    variances,
    graph,
    withNetworks || changesVariances(unmixed) ? { networks: transition, random } : undefined
  )
}

/** What refinement trains, and the parameters that it starts from. */
export interface RefinementStart {
  readonly configuration: Configuration
  readonly initial: Model['parameters']
}

/**
 * Where refinement starts. Additive mechanisms are series; where there may be interactions, networks learn beside their
 * additive part, on the edges that were found. Where the answer is additive and the data deny that, its edges mean
 * little: gates are then learned on networks, in the basis that was found.
 */
export const refinementStart = (
  options: StagedTraining,
  dense: Model,
  { unmixed, variances }: UnmixedStage
): Outcome<RefinementStart> => {
  const { sharpening, refinement } = options.configuration
  const { networks, ...schedule } = refinement
  if (isSure(unmixed)) {
    const denied = sharpening !== undefined && unmixed.rejected
    const interacting = unmixed.hypothesis === 'sparse' || denied || unmixed.additivity.nats > WORTH_NETWORKS
    return E.map(
      ({ configuration, parameters }: Model): RefinementStart => ({
        configuration: { ...configuration, ...schedule },
        initial: parameters
      })
    )(onGraph(options, dense, { unmixed, variances }, likelyEdges(unmixed), interacting))
  }
  const configuration: Configuration = { ...dense.configuration, ...networks, ...schedule }
  const random = generator(options.seed).split('refinement')
  return E.map(
    (coders: Model['parameters']): RefinementStart => ({
      configuration,
      initial: { ...initialParameters(dense.shape, configuration, random), ...coders }
    })
  )(foldedCoders(dense, unmixed.map, variances))
}
