/** One training step of the mechanism-sparsity autoencoder, against PyTorch, JAX, and TF.js run eagerly. */
import { compiledEngine } from '@mechid/compiler'
import { type Engine, type EngineSession, type HostTensors, withoutPrefix } from '@mechid/engine'
import { type Configuration, findEngine, trainingStep } from '@mechid/estimator'
import { orThrow } from '@mechid/values'
import { seconds } from '../clock.js'
import { type Difference, engineMissing } from '../errors.js'
import { arraysFor, parameterEntries } from '../exchange.js'
import type { Peer } from '../peer.js'
import { moduleName, type PythonModule } from '../python.js'
import type { BenchCase, Suite, Trial } from '../suite.js'
import { productRate } from './product-rate.js'
import {
  configurationOf,
  EDGES,
  type Inputs,
  inputsFor,
  magnitudes,
  operationsOf,
  PARAMETER,
  RATE,
  SHAPE,
  type Size,
  sizes
} from './step-inputs.js'

/** Relative, of the mean absolute value of every parameter after the warm-up. */
const TOLERANCE = 5e-3

/** A session that counts its steps, to be timed. */
const stepper = (session: EngineSession, feeds: readonly HostTensors[]) => {
  let count = 0
  return async (calls: number): Promise<number> => {
    const started = seconds()
    for (let i = 0; i < calls; i++) await session.run(feeds[count++ % feeds.length])
    await session.outputs()
    return (seconds() - started) / calls
  }
}

const largestDifference = (
  ours: Readonly<Record<string, number>>,
  peers: Readonly<Record<string, number>>
): Difference => {
  const apart = Object.keys(ours).map((name) => ({
    what: `the size of ${name}`,
    difference: Math.abs(ours[name] - peers[name]) / (Math.abs(peers[name]) + 1e-3),
    allowed: TOLERANCE
  }))
  return apart.sort((a, b) => b.difference - a.difference)[0]
}

const openSession = async (
  engine: Engine,
  configuration: Configuration,
  { carry, feeds }: Inputs
): Promise<EngineSession> => orThrow(await engine.open(trainingStep(SHAPE, configuration), carry, feeds[0])())

const compiledOn = async (threads: number): Promise<Engine> =>
  orThrow(await compiledEngine({ provider: 'cpu', threads })())

/** What the peer says of its ways to run the step, and of products: their seconds, and operations a second. */
interface Ways {
  readonly way: string
  readonly seconds: Readonly<Record<string, number>>
  /** Why it did not compile, or ''. */
  readonly complaint: string
  readonly rates: Readonly<Record<string, number>>
}

const remarkOn = (size: Size, { way, seconds: spent, complaint }: Ways, rates: Ways['rates']): string => {
  const each = (all: Ways['rates'], words: (value: number) => string): string =>
    Object.entries(all)
      .map(([name, value]) => `${name} ${words(value)}`)
      .join(', ')
  const operations = operationsOf(size)
  const floor = operations / Math.max(...Object.values(rates))
  return [
    `the peer is ${way} (${each(spent, (s) => `${(1000 * s).toPrecision(3)} ms`)})`,
    ...(complaint === '' ? [] : [`not compiled: ${complaint}`]),
    `products reach, in Gflop/s: ${each(rates, (rate) => (rate / 1e9).toFixed(0))}`,
    `the floor is ${(1000 * floor).toPrecision(3)} ms for ${(operations / 1e9).toPrecision(3)} Gflop`
  ].join('; ')
}

/** A library of Python's that runs the step. */
interface Library {
  readonly module: PythonModule
  readonly script: string
}

const TORCH: Library = { module: 'torch', script: 'step.py' }
const JAX: Library = { module: 'jax', script: 'step_jax.py' }

const againstLibrary = (
  size: Size,
  { module, script }: Library,
  threads: number,
  peerThreads: number
): BenchCase => ({
  name: `${size.name}, ${threads} thread${threads === 1 ? '' : 's'}, against ${moduleName(module)}${peerThreads === threads ? '' : ` on ${peerThreads}`}`,
  needs: ['numpy', module],
  script,
  peerThreads,
  pairs: size.pairs,
  prepare: async (peer: Peer, folder: string): Promise<Trial> => {
    const configuration = configurationOf(size)
    const inputs = inputsFor(configuration)
    const file = await arraysFor(folder, 'step', {
      ...inputs.arrays,
      ...parameterEntries(withoutPrefix(inputs.carry, PARAMETER))
    })
    const { sparsity } = configuration
    await peer.prepare('step', {
      file,
      threads: peerThreads,
      bound: EDGES,
      dualRate: sparsity._tag === 'Constraint' ? sparsity.dualRate : 0,
      learningRate: RATE,
      calls: size.calls
    })
    const session = await openSession(await compiledOn(threads), configuration, inputs)
    const run = stepper(session, inputs.feeds)
    return {
      ours: () => run(size.calls),
      peer: () => peer.run(size.calls),
      differences: async () => {
        const theirs = await peer.inspect<{ readonly means: Readonly<Record<string, number>> }>()
        return [largestDifference(magnitudes(await session.carry()), theirs.means)]
      },
      remark: async () => {
        session.dispose()
        const found = await peer.inspect<Ways>({ ways: true })
        return remarkOn(size, found, { ...found.rates, 'ONNX Runtime': await productRate(threads) })
      }
    }
  }
})

/** Another engine, run in turns with the compiled one, one thread each. */
const againstEngine = (size: Size, name: 'wasm' | 'tensorflow', words: string): BenchCase => ({
  name: `${size.name}, 1 thread, against ${words}`,
  needs: [],
  peerName: words,
  ...size.eager,
  missing: async () => {
    // TensorFlow reads them when it starts.
    for (const each of ['INTRAOP', 'INTEROP']) process.env[`TF_NUM_${each}_THREADS`] = '1'
    const found = await findEngine(name)()
    return found._tag === 'Left' ? engineMissing(['@tensorflow/tfjs-node'], found.left.message) : undefined
  },
  prepare: async (): Promise<Trial> => {
    const configuration = configurationOf(size)
    const inputs = inputsFor(configuration)
    const session = await openSession(await compiledOn(1), configuration, inputs)
    const eager = await openSession(orThrow(await findEngine(name)()), configuration, inputs)
    const [run, runEager] = [stepper(session, inputs.feeds), stepper(eager, inputs.feeds)]
    return {
      ours: () => run(1),
      peer: () => runEager(1),
      differences: async () => [
        largestDifference(magnitudes(await session.carry()), magnitudes(await eager.carry()))
      ],
      remark: async () => {
        session.dispose()
        eager.dispose()
        return ''
      }
    }
  }
})

export const step: Suite = {
  name: 'step',
  purpose: 'a whole training step: compiled, in PyTorch, in JAX, and by TF.js on WebAssembly and TensorFlow',
  script: TORCH.script,
  cases: sizes.flatMap((size) => [
    againstLibrary(size, TORCH, 1, 1),
    againstLibrary(size, TORCH, 2, 1),
    againstLibrary(size, TORCH, 2, 2),
    againstLibrary(size, JAX, 1, 1),
    againstLibrary(size, JAX, 2, 2),
    againstEngine(size, 'wasm', 'TF.js 4.22, WebAssembly'),
    againstEngine(size, 'tensorflow', 'TF.js 4.22, TensorFlow')
  ])
}
