/** Learns each case from vectors, and compares what was learned with what was predicted. */
import type { Engine } from '@mechid/engine'
import { encodeRows, type KnownMechanismConfiguration, known, trainWithRestarts } from '@mechid/estimator'
import { orFail } from '@mechid/example-terminal'
import { type ActionDomain, kernel, type Mechanism, switchOn } from '@mechid/mechanisms'
import { type AmbiguityGroup, affineMaps, moduloGroup } from '@mechid/metrics'
import { generator } from '@mechid/random'
import {
  type DataSet,
  exampleSource,
  linearMixing,
  linesOf,
  type Mixing,
  polynomialMixing,
  simulate,
  splitRows,
  subset
} from '@mechid/simulators'
import { orThrow, type Samples } from '@mechid/values'
import type { Case } from './cases.js'
import { type Prediction, predictAmbiguity, type SmallerGroup } from './prediction.js'

const ROWS = 6000
const TEST_SHARE = 0.25
/** Standard deviation of the noise: the mechanism is all but exact. */
const NOISE = 1e-4

/** All mechanisms as one; where there are several, the action chooses. */
const together = (mechanisms: ReadonlyArray<Mechanism>): Mechanism =>
  mechanisms.length === 1 ? mechanisms[0] : orThrow(switchOn(mechanisms))

const mixingOf = ({ mixing }: Case, latents: number, seed: number): Mixing => {
  const options = { latents, features: 2 * latents + 2, random: generator(seed).split('mixing') }
  return orThrow(mixing === 'linear' ? linearMixing(options) : polynomialMixing(options))
}

const simulated = (one: Case, moving: Mechanism, seed: number): DataSet => {
  const domains: ActionDomain[] =
    moving.actions === 0 ? [] : [{ _tag: 'Choice', values: one.mechanisms.length }]
  const moved = orThrow(
    kernel({
      latents: moving.latents,
      actions: moving.actions,
      lags: 1,
      location: (F, z, a) => moving.step(F, z, a),
      scale: NOISE,
      actionDomains: domains
    })
  )
  return orThrow(simulate({ kernel: moved, mixing: mixingOf(one, moving.latents, seed), rows: ROWS, seed }))
    .data
}

const linear = { width: 1, depth: 0 }
const curved = { width: 48, depth: 2 }

const configurations: Readonly<Record<Case['mixing'], Partial<KnownMechanismConfiguration>>> = {
  linear: { encoder: linear, decoder: linear, batch: 128, steps: 800, learningRate: 2e-2 },
  polynomial: { encoder: curved, decoder: curved, batch: 128, steps: 2500, learningRate: 5e-3 }
}

/** A run has found the mechanism if its latents err by less than this share of their variance. */
const THRESHOLD = { linear: 2e-3, polynomial: 4e-3 }
const STARTS = { linear: 16, polynomial: 3 }

/** R² on held-out rows, modulo groups fitted on half of them. */
export interface Measured {
  readonly seed: number
  /** Modulo the predicted group. */
  readonly predicted: number
  /** Modulo the smaller groups. */
  readonly smaller: Readonly<Partial<Record<SmallerGroup, number>>>
  /** Modulo all affine maps: an upper bound for the others. */
  readonly affine: number
  readonly seconds: number
}

const rSquared = (z: Samples, zHat: Samples, ambiguity: AmbiguityGroup): number =>
  orFail(moduloGroup(z, zHat, ambiguity)).value

/** Restarts count their seeds on from here, so that those of two seeds differ. */
const BETWEEN_SEEDS = 1000

/** Learns one case from one seed. */
const learn = async (
  one: Case,
  { ambiguity, smaller }: Prediction,
  engine: Engine,
  seed: number
): Promise<Measured> => {
  const moving = together(one.mechanisms)
  const data = simulated(one, moving, seed)
  const split = splitRows(ROWS, { validation: 0, test: TEST_SHARE }, generator(seed).split('split'))
  const started = performance.now()
  const training = trainWithRestarts(
    {
      data: exampleSource(data, split.train),
      dynamics: known(moving),
      configuration: configurations[one.mixing],
      engine,
      seed: BETWEEN_SEEDS * seed
    },
    { starts: STARTS[one.mixing], threshold: THRESHOLD[one.mixing] }
  )
  const { model } = orFail(await training())
  const held = subset(data, split.test)
  const z = linesOf(held.z as NonNullable<DataSet['z']>)
  const zHat = orFail(await encodeRows(engine, model, linesOf(held.x))())
  return {
    seed,
    predicted: rSquared(z, zHat, ambiguity),
    smaller: Object.fromEntries(smaller.map(({ name, ambiguity: less }) => [name, rSquared(z, zHat, less)])),
    affine: rSquared(z, zHat, affineMaps(moving.latents)),
    seconds: (performance.now() - started) / 1000
  }
}

export interface CaseResult {
  readonly one: Case
  readonly prediction: Prediction
  readonly runs: ReadonlyArray<Measured>
}

/** Learns one case from several seeds. */
export const learnCase = async (
  one: Case,
  engine: Engine,
  seeds: ReadonlyArray<number>,
  onRun: () => void
): Promise<CaseResult> => {
  const prediction = predictAmbiguity(one.mechanisms)
  const runs: Measured[] = []
  for (const seed of seeds) {
    runs.push(await learn(one, prediction, engine, seed))
    onRun()
  }
  return { one, prediction, runs }
}
