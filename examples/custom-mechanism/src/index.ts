/** A mechanism, a noise and a mixing that no package knows: simulated, trained on, scored. */
import { preset } from '@mechid/estimator'
import {
  commonOptions,
  comparisonRows,
  engineCalled,
  orFail,
  readOptions,
  runExperiment,
  table
} from '@mechid/example-terminal'
import { type Elementary, kernel, type Noise } from '@mechid/mechanisms'
import { customMixing } from '@mechid/simulators'
import { orThrow } from '@mechid/values'

const { seed, help } = commonOptions
const purpose = 'Four genes, each switched by two of four drugs and seen through eight probes.'
const options = readOptions({ seed, help }, 'npm run custom -- [options]', purpose)

/** Gumbel noise: skewed to the right. */
const gumbel: Noise = {
  name: 'gumbel',
  sample: (random) => -Math.log(-Math.log(random.uniform())),
  logDensity: (F, u) => F.neg(F.add(u, F.exp(F.neg(u)))),
  variance: Math.PI ** 2 / 6
}

/** A gene rises with one drug as a switch does, and swings with the next one. */
const genes = kernel({
  latents: 4,
  actions: 4,
  location: (F, _past, a) =>
    a.map((drug, i) => F.add(F.sigmoid(F.mul(F.lit(3), drug)), F.sin(F.mul(F.lit(2), a[(i + 1) % 4])))),
  scale: 0.02,
  noise: gumbel
})

/** Four probes that make it injective, each bent by the gene before, and four products of neighbours. */
const probes = <A>(F: Elementary<A>, z: ReadonlyArray<A>): A[] => [
  ...z.map((gene, i) => (i === 0 ? gene : F.add(gene, F.tanh(z[i - 1])))),
  ...z.map((gene, i) => F.mul(gene, F.cos(z[(i + 1) % 4])))
]

const shape = { latents: 4, features: 8, actions: 4, temporal: false }
const { comparison } = await runExperiment({
  kernel: orThrow(genes),
  mixing: orThrow(customMixing({ latents: 4, features: 8, map: probes })),
  rows: 60_000,
  testShare: 0.1,
  engine: await engineCalled('auto'),
  configuration: orFail(preset('gated', shape, 8)),
  seed: options.seed
})
console.log(table(comparisonRows(comparison)))
