/** Encodes new data with a model that `npm run fit` wrote: latents of every row or frame. */
import { dirname, extname, resolve } from 'node:path'
import { encodeRows, loadModel, type Model } from '@mechid/estimator'
import {
  engineCalled,
  failWith,
  filesOf,
  keepInputs,
  nameOf,
  orFail,
  readOptions,
  recordingOptions,
  required,
  resultOptions,
  say,
  selectedBy,
  trainingOptions
} from '@mechid/example-terminal'
import { checkWritable, writeCsv, writeNpz } from '@mechid/files'
import {
  type Coding,
  codeFeatures,
  codeStored,
  isStored,
  openRecording,
  parseCoding,
  type Recording
} from '@mechid/recordings'
import type { Samples } from '@mechid/values'

const { a: _actions, z: _latents, 'action-columns': _, 'latent-columns': __, ...observed } = recordingOptions

const specs = {
  model: { kind: 'text', placeholder: 'FILE', description: 'model.safetensors that fit wrote' },
  ...observed,
  out: {
    kind: 'text',
    placeholder: 'FILE',
    fallback: 'out/latents.npz',
    description: 'where the latents go: .npz (z_hat) or .csv'
  },
  engine: trainingOptions.engine,
  help: resultOptions('').help
} as const

interface Loaded {
  readonly model: Model
  readonly coding: Coding
}

const loaded = async (path: string): Promise<Loaded> => {
  const { model, metadata } = orFail(await loadModel(resolve(path))())
  const { coding } = metadata
  return coding === undefined
    ? failWith(`${path}: it does not say what was done to its features; give a model that npm run fit wrote`)
    : { model, coding: orFail(parseCoding(path, coding)) }
}

/** Equal sequences as [sequences, frames, latents], everything else as [lines, latents] with `lengths`. */
const writeLatents = async (
  path: string,
  { lengths }: Pick<Recording, 'lengths'>,
  zHat: Samples
): Promise<void> => {
  const [lines, width] = zHat.shape
  if (extname(path).toLowerCase() === '.csv') {
    const names = Array.from({ length: width }, (_name, i) => `z${i}`)
    orFail(await writeCsv(resolve(path), names, zHat)())
    return
  }
  const equal = lengths?.every((length) => length === lengths[0]) ?? false
  const shape = equal && lengths !== undefined ? [lengths.length, lengths[0], width] : [lines, width]
  const unequal = lengths === undefined || equal ? [] : lengths
  orFail(
    await writeNpz(resolve(path), {
      z_hat: { data: zHat.data, shape },
      ...(unequal.length === 0
        ? {}
        : { lengths: { data: Int32Array.from(unequal), shape: [unequal.length] } })
    })()
  )
}

const main = async (): Promise<void> => {
  const options = readOptions(
    specs,
    'npm run encode -- --model FILE --data FILE [options]',
    'Encodes new data with a model that npm run fit wrote.'
  )
  const { out } = options
  if (!['.npz', '.csv'].includes(extname(out).toLowerCase()))
    failWith(`--out is "${out}"; it must end in .npz or .csv`, 2)
  const values = {
    ...options,
    a: undefined,
    z: undefined,
    'action-columns': undefined,
    'latent-columns': undefined
  }
  const files = filesOf(values)
  const path = required('model', options.model)
  keepInputs([...files, path], { out })
  const { model, coding } = await loaded(path)
  const { frames } = coding
  const recording = orFail(
    await openRecording(files, { ...(frames === undefined ? {} : { frames }), ...selectedBy(values) })()
  )
  const x = isStored(recording)
    ? orFail(await codeStored(recording, coding)())
    : orFail(codeFeatures(recording, coding))
  orFail(await checkWritable(dirname(resolve(out)))())
  const engine = await engineCalled(options.engine)
  const zHat = orFail(await encodeRows(engine, model, x)())
  await writeLatents(out, recording, zHat)
  const [lines, latents] = zHat.shape
  say(`${nameOf(files)}: ${lines.toLocaleString('en-US')} lines, ${latents} latents each: ${out}`)
}

await main()
