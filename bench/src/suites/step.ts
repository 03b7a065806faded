/** One training step of the mechanism-sparsity autoencoder, against PyTorch and against TF.js run eagerly. */
import { compiledEngine } from '@mechid/compiler'
import type { Engine, EngineSession, HostTensor, HostTensors } from '@mechid/engine'
import {
  type Configuration,
  findEngine,
  initialCarry,
  initialParameters,
  type NetworkSize,
  preset,
  trainingStep
} from '@mechid/estimator'
import { generator } from '@mechid/random'
import type { Either } from 'fp-ts/lib/Either.js'
import { seconds } from '../clock.js'
import { type Difference, engineMissing } from '../errors.js'
import { arraysFor } from '../exchange.js'
import type { Peer } from '../peer.js'
import type { BenchCase, Suite, Trial } from '../suite.js'
import { productRate } from './product-rate.js'

const SHAPE = { latents: 10, features: 20, actions: 10, temporal: false }
/** ActionNonDiag at ten latents. */
const EDGES = 20
const BATCHES = 4
const RATE = 5e-4
/** Relative, of the mean absolute value of every parameter after the warm-up. */
const TOLERANCE = 5e-3

interface Size {
  readonly name: string
  readonly batch: number
  readonly coder: NetworkSize
  readonly transition: NetworkSize
  /** Steps in one measurement. */
  readonly calls: number
  readonly pairs: number
  /** Steps of the eager engine in one measurement, and how often. */
  readonly eager: { readonly pairs: number; readonly warmUps: number }
}

const sizes: readonly Size[] = [
  {
    name: 'small',
    batch: 256,
    coder: { width: 64, depth: 3 },
    transition: { width: 64, depth: 3 },
    calls: 50,
    pairs: 15,
    eager: { pairs: 7, warmUps: 1 }
  },
  {
    name: 'default',
    batch: 512,
    coder: { width: 128, depth: 4 },
    transition: { width: 128, depth: 4 },
    calls: 10,
    pairs: 15,
    eager: { pairs: 5, warmUps: 1 }
  },
  {
    name: 'published',
    batch: 1024,
    coder: { width: 512, depth: 6 },
    transition: { width: 512, depth: 5 },
    calls: 1,
    pairs: 7,
    eager: { pairs: 1, warmUps: 1 }
  }
]

const definite = <A>(result: Either<{ readonly _tag: string }, A>): A => {
  if (result._tag === 'Left') throw new Error(JSON.stringify(result.left))
  return result.right
}

const configurationOf = ({ batch, coder, transition }: Size): Configuration => ({
  ...definite(preset('published', SHAPE, EDGES)),
  batch,
  encoder: coder,
  decoder: coder,
  transition
})

/** Multiplications of one example's way through a perceptron. */
const products = (inputs: number, { width, depth }: NetworkSize, outputs: number): number =>
  inputs * width + (depth - 1) * width * width + width * outputs

/** Floating-point operations that no step can do without: products forward, and for inputs and weights backward. */
const operationsOf = ({ batch, coder, transition }: Size): number => {
  const { latents, features, actions } = SHAPE
  const networks =
    products(features, coder, 2 * latents) +
    products(latents, coder, features) +
    latents * products(actions, transition, 1)
  // Nobody needs the gradients of what encoder and transitions read.
  const unneeded = features * coder.width + latents * actions * transition.width
  return 2 * batch * (3 * networks - unneeded)
}

interface Inputs {
  readonly carry: HostTensors
  readonly arrays: Readonly<Record<string, HostTensor>>
  readonly feeds: readonly HostTensors[]
}

const scalar = (value: number): HostTensor => ({ data: Float32Array.of(value), shape: [] })

const inputsFor = (configuration: Configuration): Inputs => {
  const random = generator(1)
  const parameters = initialParameters(SHAPE, configuration, random.split('parameters'))
  const { batch } = configuration
  const drawn = (name: string, ...rest: number[]): HostTensor => {
    const data = new Float32Array(rest.reduce((product, n) => product * n, BATCHES))
    random.split(name).fillNormal(data)
    return { data, shape: [BATCHES, ...rest] }
  }
  const arrays: Readonly<Record<string, HostTensor>> = {
    x: drawn('x', batch, SHAPE.features),
    a: drawn('a', batch, SHAPE.actions),
    posteriorNoise: drawn('posterior', batch, SHAPE.latents),
    gateNoise: drawn('gates', SHAPE.latents, SHAPE.actions)
  }
  const part = ({ data, shape }: HostTensor, i: number): HostTensor => ({
    data: data.subarray((i * data.length) / BATCHES, ((i + 1) * data.length) / BATCHES),
    shape: shape.slice(1)
  })
  const feeds = Array.from({ length: BATCHES }, (_, i) => ({
    ...Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, part(array, i)])),
    learningRate: scalar(RATE),
    bound: scalar(EDGES),
    penalty: scalar(0)
  }))
  return { carry: initialCarry(parameters, configuration), arrays, feeds }
}

const PARAMETER = 'parameter/'

/** The mean absolute value of each parameter: small to send, and moved by every update. */
const magnitudes = (carry: HostTensors): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(carry)
      .filter(([name]) => name.startsWith(PARAMETER))
      .map(([name, { data }]) => {
        let sum = 0
        for (let i = 0; i < data.length; i++) sum += Math.abs(data[i])
        return [name.slice(PARAMETER.length), sum / data.length]
      })
  )

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
): Promise<EngineSession> =>
  definite(await engine.open(trainingStep(SHAPE, configuration), carry, feeds[0])())

const compiledOn = async (threads: number): Promise<Engine> =>
  definite(await compiledEngine({ provider: 'cpu', threads })())

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

const againstTorch = (size: Size, threads: number, peerThreads: number): BenchCase => ({
  name: `${size.name}, ${threads} thread${threads === 1 ? '' : 's'}, against PyTorch${peerThreads === threads ? '' : ` on ${peerThreads}`}`,
  needs: ['numpy', 'torch'],
  peerThreads,
  pairs: size.pairs,
  prepare: async (peer: Peer, folder: string): Promise<Trial> => {
    const configuration = configurationOf(size)
    const inputs = inputsFor(configuration)
    const parameters = Object.entries(inputs.carry).filter(([name]) => name.startsWith(PARAMETER))
    const file = await arraysFor(folder, 'step', {
      ...inputs.arrays,
      // An archive's entries have no folders.
      ...Object.fromEntries(parameters.map(([name, value]) => [name.replaceAll('/', '.'), value]))
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
    const eager = await openSession(definite(await findEngine(name)()), configuration, inputs)
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
  purpose: 'a whole training step: compiled, in PyTorch, and by TF.js on WebAssembly and TensorFlow',
  script: 'step.py',
  cases: sizes.flatMap((size) => [
    againstTorch(size, 1, 1),
    againstTorch(size, 2, 1),
    againstTorch(size, 2, 2),
    againstEngine(size, 'wasm', 'TF.js 4.22, WebAssembly'),
    againstEngine(size, 'tensorflow', 'TF.js 4.22, TensorFlow')
  ])
}
