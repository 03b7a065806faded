/**
 * A mechanism, a noise and a mixing of one's own: prediction, simulation, training, check. The program uses the packages
 * alone, so it also runs when copied into another project.
 */
import { parseArgs } from 'node:util'
import { predict } from '@mechid/causal-graph'
import { compiled } from '@mechid/compiler'
import { findEngine, latentRows, learnedGraph, train } from '@mechid/estimator'
import { evaluate, scoreRows } from '@mechid/evaluation'
import { type Elementary, kernel, type Noise } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { customMixing, exampleSource, linesOf, simulate, splitRows, subset } from '@mechid/simulators'
import { orThrow } from '@mechid/values'

const usage = `A mechanism, a noise and a mixing of one's own, predicted, trained and checked: four genes, each moved by two of four
drugs and seen through eight probes.

Usage: npm run custom -- [options]

Options:
  --seed N   seed of data and training (default 1)
  --steps N  training steps (default 8000)
  -h, --help print this text`

/** Ends the program as one whose command line was not understood. */
const refuse = (message: string): never => {
  console.error(`error: ${message}; see --help`)
  process.exit(2)
}

const readOptions = () => {
  const number = { type: 'string' } as const
  try {
    return parseArgs({
      options: {
        seed: { ...number, default: '1' },
        steps: { ...number, default: '8000' },
        help: { type: 'boolean', short: 'h' }
      }
    }).values
  } catch (cause) {
    return refuse((cause as Error).message.split('. ')[0])
  }
}
const options = readOptions()
if (options.help === true) {
  console.log(usage)
  process.exit(0)
}
const [seed, steps] = [options.seed, options.steps].map(Number)
if (!(Number.isSafeInteger(seed) && seed >= 0))
  refuse(`--seed is "${options.seed}"; it must be an integer, 0 or more`)
if (!(Number.isSafeInteger(steps) && steps >= 1))
  refuse(`--steps is "${options.steps}"; it must be an integer, 1 or more`)

/** Gumbel noise: skewed to the right. */
const gumbel: Noise = {
  name: 'gumbel',
  sample: (random) => -Math.log(-Math.log(random.uniform())),
  logDensity: (F, u) => F.neg(F.add(u, F.exp(F.neg(u)))),
  variance: Math.PI ** 2 / 6
}

/** A gene responds to one drug like a switch, and to the next like a sine. */
const genes = orThrow(
  kernel({
    latents: 4,
    actions: 4,
    location: (F, _past, a) =>
      a.map((drug, i) => F.add(F.sigmoid(F.mul(F.lit(3), drug)), F.sin(F.mul(F.lit(2), a[(i + 1) % 4])))),
    scale: 0.02,
    noise: gumbel
  })
)

/** Four probes of one gene each, bent by the gene before, make the mixing injective; four more are products of neighbours. */
const probes = <A>(F: Elementary<A>, z: ReadonlyArray<A>): A[] => [
  ...z.map((gene, i) => (i === 0 ? gene : F.add(gene, F.tanh(z[i - 1])))),
  ...z.map((gene, i) => F.mul(gene, F.cos(z[(i + 1) % 4])))
]

const ROWS = 60_000
console.log(orThrow(predict(genes)).explanation.join('\n'))
const mixing = orThrow(customMixing({ latents: 4, features: 8, map: probes }))
const { data } = orThrow(simulate({ kernel: genes, mixing, rows: ROWS, seed }))
const rows = splitRows(ROWS, { validation: 0, test: 0.1 }, generator(seed).split('split'))
const { model, engine } = await orThrow(
  train(exampleSource(data, rows.train), {
    latents: 4,
    edges: 8,
    steps,
    engine: await orThrow(findEngine('auto', [compiled()])),
    seed,
    onProgress: ({ stage, step, steps: all }) => {
      if (step % 50 === 0) process.stderr.write(`\r${stage}: step ${step} of ${all}    `)
    }
  })
)
process.stderr.write('\n')

const { x, z } = subset(data, rows.test)
if (z === undefined) throw new Error('simulated data have latents')
const zHat = await orThrow(latentRows(engine, model, linesOf(x)))
const { comparison, latents, verdict } = orThrow(
  evaluate({ z: linesOf(z), zHat, graph: genes, learned: learnedGraph(model) })
)
const digits = (x: number): string => (Number.isInteger(x) ? String(x) : x.toFixed(4))
for (const { name, value, chance } of comparison === undefined ? [] : scoreRows(comparison)) {
  console.log(`${name}: ${digits(value)}${chance === undefined ? '' : ` (chance ${digits(chance)})`}`)
}
for (const { sentence } of latents) console.log(sentence)
console.log(verdict.sentence)
