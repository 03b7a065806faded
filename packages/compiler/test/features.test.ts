/** FEATURES.md is written from the code; `pnpm features` writes it anew. */
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import '../src/gradients.js'
import { type KernelSupport, supportTable } from '../src/index.js'

const heading = `# What can be compiled

TF.js's kernels (version 4.22) by family, written from the code. Operations such as \`tf.moments\` or \`tf.logSoftmax\`
are made of these kernels. **gradient**: TF.js has a gradient of the kernel, which compiles, too.
`

const families = [...new Set(supportTable.filter(({ supported }) => supported).map(({ family }) => family))]

const cells = ({ kernel, note }: KernelSupport): readonly string[] => [
  `\`${kernel}\``,
  tf.getGradient(kernel) === undefined ? '' : 'yes',
  note
]

/** Columns of equal width, as the formatter of this repository writes them. */
const aligned = (rows: readonly (readonly string[])[]): string[] => {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const line = (row: readonly string[], filler: string): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column], filler)).join(' | ')} |`
  const [head, ...body] = rows
  return [
    line(head, ' '),
    line(
      head.map(() => ''),
      '-'
    ),
    ...body.map((row) => line(row, ' '))
  ]
}

const table = (family: string): string => {
  const lines = supportTable.filter((line) => line.supported && line.family === family)
  return [`## ${family}\n`, ...aligned([['kernel', 'gradient', 'note'], ...lines.map(cells)])].join('\n')
}

const reasons = [...new Set(supportTable.filter(({ supported }) => !supported).map(({ note }) => note))]

const refused = (reason: string): string => {
  const names = supportTable.filter(({ supported, note }) => !supported && note === reason)
  return `- ${reason}: ${names.map(({ kernel }) => `\`${kernel}\``).join(', ')}`
}

it('FEATURES.md says what the code can do', async () => {
  const text = [
    heading,
    ...families.map((family) => `${table(family)}\n`),
    '## Not supported\n',
    ...reasons.map(refused)
  ]
  await expect(`${text.join('\n')}\n`).toMatchFileSnapshot('../FEATURES.md')
})
