/** A file as an ONNX model that runs, or why it is none. */
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { reasonOf } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { InferenceSession } from 'onnxruntime-node'
import { type CompilerError, type ModelUnreadable, modelUnreadable, providerUnavailable } from '../errors.js'
import { type CheckedOptions, loadOnnxRuntime, type OnnxRuntime } from '../runtime/onnx-runtime.js'
import { sessionOptions } from '../runtime/session-cache.js'

export interface LoadedModel {
  readonly ort: OnnxRuntime
  readonly session: InferenceSession
}

const EXPORT =
  'export the encoder with torch.onnx.export(model, example, "encoder.onnx"), or as your framework does it'

/** What files of other kinds begin with. */
const beginnings: ReadonlyArray<readonly [kind: string, begins: (start: Buffer) => boolean]> = [
  [
    'it is an archive, as of PyTorch’s .pt or NumPy’s .npz',
    (start) => start.toString('latin1', 0, 2) === 'PK'
  ],
  ['it is a pickle', (start) => start[0] === 0x80 && start[1] <= 5],
  ['it is an HDF5 file, as of Keras', (start) => start.toString('latin1', 1, 4) === 'HDF'],
  ['it is a file of safetensors, which has weights and no graph', (start) => start[8] === 0x7b]
]

const START = 16

/** Why the file is no model, as far as its first bytes tell. */
const refusal = async (path: string): Promise<ModelUnreadable | undefined> => {
  try {
    if (!(await stat(path)).isFile())
      return modelUnreadable(path, 'it is no regular file', 'give an .onnx file')
    const handle = await open(path)
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(START), 0, START, 0)
      if (bytesRead === 0) return modelUnreadable(path, 'it is empty', EXPORT)
      const kind = beginnings.find(([, begins]) => begins(buffer))?.[0]
      return kind === undefined ? undefined : modelUnreadable(path, kind, EXPORT)
    } finally {
      await handle.close()
    }
  } catch (thrown) {
    const missing = (thrown as NodeJS.ErrnoException).code === 'ENOENT'
    return modelUnreadable(path, missing ? 'there is no such file' : reasonOf(thrown), 'check the path')
  }
}

/** What to do about what ONNX Runtime says when it loads a model. */
const remedies: ReadonlyArray<readonly [says: RegExp, remedy: (path: string) => string]> = [
  [
    /external data|external_data|model_path|GetExtDataFromTensorProto|\.data\b/i,
    (path) =>
      `its weights are in a file of their own: keep that beside it under its name (${basename(path)}.data by default), or export with external_data=False`
  ],
  [/Unsupported model IR version/, () => 'export it with an older opset, such as opset_version=18'],
  [
    /opset|domain_version|No Op registered/i,
    () => 'export it with an opset that ONNX Runtime has, such as opset_version=18'
  ],
  [
    /not a registered function|NOT_IMPLEMENTED|Could not find an implementation|custom/i,
    () => 'ONNX Runtime has no such operator for this element type: write that layer by standard operators'
  ],
  [/Protobuf parsing failed|INVALID_PROTOBUF/, () => `it is no ONNX file, or a damaged one; ${EXPORT}`]
]

/** What ONNX Runtime says, in one line and without the places in its sources, which tell users nothing. */
export const runtimeReason = (thrown: unknown): string =>
  reasonOf(thrown)
    .replace(/\s+/g, ' ')
    .replace(/\S+\.(?:cc|h|cpp):\d+ (?:[^()]*\([^()]*\) )?/g, '')
    .trim()

const loadFailure = (path: string, { provider }: CheckedOptions, thrown: unknown): CompilerError => {
  const reason = runtimeReason(thrown)
  const remedy = remedies.find(([says]) => says.test(reason))?.[1]
  if (remedy === undefined && provider !== 'cpu') {
    return providerUnavailable(provider, reason, 'take provider cpu')
  }
  return modelUnreadable(path, reason, remedy?.(path) ?? 'check it with onnx.checker.check_model')
}

/**
 * Loads a model from its file; weights that lie in files beside it are found there. Errors: `ModelUnreadable`,
 * `ProviderUnavailable`.
 */
export const loadModelFile =
  (path: string, options: Required<CheckedOptions>): TaskEither<CompilerError, LoadedModel> =>
  async () => {
    const wrong = await refusal(path)
    if (wrong !== undefined) return E.left(wrong)
    const ort = await loadOnnxRuntime(options.provider)()
    if (E.isLeft(ort)) return ort
    try {
      const session = await ort.right.InferenceSession.create(path, {
        ...sessionOptions(options),
        // What goes wrong is an error of ours: it prints nothing itself.
        logSeverityLevel: 4
      })
      return E.right({ ort: ort.right, session })
    } catch (thrown) {
      return E.left(loadFailure(path, options, thrown))
    }
  }
