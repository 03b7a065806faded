/** Encodes data with a model that `npm run fit` wrote, or with an encoder from elsewhere, as an ONNX file. */
import { dirname, extname, resolve } from 'node:path'
import {
  failWith,
  filesOf,
  keepInputs,
  nameOf,
  type OptionValues,
  orFail,
  readOptions,
  recordingOptions,
  required,
  resultOptions,
  say,
  selectedBy,
  trainingOptions
} from '@mechid/example-terminal'
import { checkWritable } from '@mechid/files'
import { latentsOfFiles } from './fitted-model.js'
import { asSequences, writeLines } from './lines.js'
import { type Codes, codesOfFiles } from './onnx-model.js'

const ofOnnx = {
  input: {
    kind: 'text',
    placeholder: 'NAME',
    description: 'of an .onnx model: input of the observations, if there are several'
  },
  output: {
    kind: 'text',
    placeholder: 'NAME',
    description: 'of an .onnx model: output with the codes, such as the mean, if there are several'
  },
  'action-input': {
    kind: 'text',
    placeholder: 'NAME',
    description: 'of an .onnx model: input of the actions, if it has one'
  },
  pixels: {
    kind: 'choice',
    choices: ['unit', 'bytes'],
    fallback: 'unit',
    description:
      'of an .onnx model: how frames of bytes go in: from 0 to 1, or from 0 to 255 as model.onnx of fit takes them'
  },
  batch: {
    kind: 'number',
    integer: true,
    least: 1,
    placeholder: 'N',
    description: 'of an .onnx model: rows of a run, if it says that it takes any number and does not'
  }
} as const

const specs = {
  model: {
    kind: 'text',
    placeholder: 'FILE',
    description: 'model.safetensors that fit wrote, or an encoder from elsewhere as .onnx'
  },
  ...recordingOptions,
  ...ofOnnx,
  out: {
    kind: 'text',
    placeholder: 'FILE',
    description:
      'where they go (default out/latents.npz, of an .onnx model out/codes.npz): .npz with latents z_hat, or codes h with a and z of the data; or .csv'
  },
  engine: trainingOptions.engine,
  help: resultOptions('').help
} as const

type Options = OptionValues<typeof specs>

/** What only encoders from elsewhere take: latents of fit have their own actions and scores beside them. */
const onnxAlone = [
  'a',
  'z',
  'action-columns',
  'latent-columns',
  'input',
  'output',
  'action-input',
  'batch'
] as const

const refuseOnnxOptions = (options: Options): void => {
  const given =
    onnxAlone.find((name) => options[name] !== undefined) ??
    (options.pixels === 'unit' ? undefined : 'pixels')
  if (given !== undefined) failWith(`--${given} is for encoders in an .onnx file; leave it out`, 2)
}

const outOf = (options: Options, fallback: string): string => {
  const out = options.out ?? fallback
  return ['.npz', '.csv'].includes(extname(out).toLowerCase())
    ? out
    : failWith(`--out is "${out}"; it must end in .npz or .csv`, 2)
}

const writable = (out: string) => async (): Promise<void> => {
  orFail(await checkWritable(dirname(resolve(out)))())
}

const counted = (lines: number): string => `${lines.toLocaleString('en-US')} lines`

const encodeFitted = async (path: string, options: Options): Promise<void> => {
  refuseOnnxOptions(options)
  const files = filesOf(options)
  const out = outOf(options, 'out/latents.npz')
  keepInputs([...files, path], { out })
  const { zHat, lengths } = await latentsOfFiles(
    path,
    files,
    selectedBy(options),
    options.engine,
    writable(out)
  )
  await writeLines(out, { name: 'z_hat', column: 'z', values: zHat }, lengths)
  const [lines, latents] = zHat.shape
  say(`${nameOf(files)}: ${counted(lines)}, ${latents} latents each: ${out}`)
}

/** What a reader should know of the codes: how the file was taken, and what text in actions became. */
const notesOf = ({ recording: { notes, a } }: Codes): readonly string[] => [
  ...notes,
  ...[...(a?.labels ?? [])].map(
    ([j, labels]) =>
      `${a?.names[j]} is text: ${labels.map((label, k) => `${k} is ${label}`).join(', ')}; unmix by --actions discrete.`
  )
]

const encodeOnnx = async (path: string, options: Options): Promise<void> => {
  const files = filesOf(options)
  const out = outOf(options, 'out/codes.npz')
  keepInputs([...files, path], { out })
  const { input, output, batch } = options
  const actionInput = options['action-input']
  const named = { input, output, batch, actionInput }
  const given = {
    ...Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)),
    bytes: options.pixels === 'bytes'
  }
  const codes = await codesOfFiles(path, files, selectedBy(options), given, writable(out))
  const { h, recording } = codes
  const { a, z, lengths } = recording
  for (const note of notesOf(codes)) say(note)
  await writeLines(out, { name: 'h', column: 'h', values: h }, lengths, {
    ...(a === undefined ? {} : { a: asSequences(a.data, a.names.length, lengths) }),
    ...(z === undefined ? {} : { z: asSequences(z.data, z.names.length, lengths) })
  })
  const [lines, d] = h.shape
  const beside = [
    ...(a === undefined ? [] : [`${a.names.length} actions`]),
    ...(z === undefined ? [] : [`${z.names.length} true latents`])
  ]
  const also = beside.length === 0 || out.endsWith('.csv') ? '' : `, with ${beside.join(' and ')}`
  say(`${nameOf(files)}: ${counted(lines)}, ${d} codes each (${codes.encoder.output.name})${also}: ${out}`)
}

const main = async (): Promise<void> => {
  const options = readOptions(
    specs,
    'npm run encode -- --model FILE --data FILE [options]',
    'Encodes data with a model that npm run fit wrote, or with an encoder from elsewhere, as an ONNX file:\nits codes are for npm run unmix.'
  )
  const path = required('model', options.model)
  if (extname(path).toLowerCase() === '.onnx') await encodeOnnx(path, options)
  else await encodeFitted(path, options)
}

await main()
