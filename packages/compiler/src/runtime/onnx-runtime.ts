/** Loads ONNX Runtime when it is first needed: it is an optional peer. */
import { invalidOption, reasonOf } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  type CompilerError,
  type ProviderUnavailable,
  providerUnavailable,
  type RuntimeFailed,
  runtimeFailed
} from '../errors.js'

/** What of `onnxruntime-node` is used. */
export type OnnxRuntime = typeof import('onnxruntime-node')

/** Where a model runs. */
export const providers = ['cpu', 'webgpu', 'cuda'] as const
export type Provider = (typeof providers)[number]

/** How a model runs. */
export interface RuntimeOptions {
  /** Default `cpu`. */
  readonly provider?: Provider
  /** Threads within an operator; by default one for a small step, else as many as there are cores for this process. */
  readonly threads?: number
}

export interface CheckedOptions {
  readonly provider: Provider
  /** Absent: to be chosen for the graph, see `threadsFor`. */
  readonly threads?: number
}

/** Options with their defaults. `where`: who was given them. Error: `InvalidOption`. */
export const checkOptions = (
  where: string,
  options: RuntimeOptions
): E.Either<CompilerError, CheckedOptions> => {
  const { provider = 'cpu', threads } = options
  if (!providers.includes(provider)) {
    return E.left(invalidOption(where, 'provider', provider, `one of ${providers.join(', ')}`))
  }
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1)) {
    return E.left(invalidOption(where, 'threads', threads, 'a whole number from 1 on'))
  }
  return E.right({ provider, ...(threads === undefined ? {} : { threads }) })
}

/** Its install script only fetches CUDA's libraries; where that fails, such as off-line, npm installs nothing. */
const INSTALL = 'npm install --ignore-scripts onnxruntime-node@^1.30.0'

const firstLine = (thrown: unknown): string => reasonOf(thrown).split('\n')[0]

const missingRuntime = (provider: string, thrown: unknown): ProviderUnavailable =>
  providerUnavailable(provider, `onnxruntime-node cannot be loaded: ${firstLine(thrown)}`, INSTALL)

const remedies: Readonly<Record<Provider, string>> = {
  cpu: INSTALL,
  webgpu: 'it needs onnxruntime-node 1.30 or newer on a system with Vulkan, Metal or D3D12',
  cuda: 'let the install script of onnxruntime-node fetch its CUDA libraries (npm rebuild onnxruntime-node), and install CUDA 12 and cuDNN 9'
}

/** Why a session with this provider could not be created. */
export const providerFailure = (
  where: string,
  provider: Provider,
  thrown: unknown
): ProviderUnavailable | RuntimeFailed =>
  provider === 'cpu'
    ? runtimeFailed(where, 'loading the model', firstLine(thrown))
    : providerUnavailable(provider, firstLine(thrown), remedies[provider])

/** ONNX Runtime, if it is installed and knows the provider. */
export const loadOnnxRuntime = (provider: Provider): TE.TaskEither<ProviderUnavailable, OnnxRuntime> =>
  TE.tryCatch(
    async () => {
      const loaded = (await import('onnxruntime-node')) as OnnxRuntime & { readonly default?: OnnxRuntime }
      return loaded.InferenceSession === undefined ? (loaded.default as OnnxRuntime) : loaded
    },
    (thrown) => missingRuntime(provider, thrown)
  )
