import { describe, expect, it } from 'vitest'
import { helpText, parseOptions } from '../src/options.js'
import { table } from '../src/output.js'
import { contradiction } from '../src/recording-options.js'

const specs = {
  seed: {
    kind: 'number',
    integer: true,
    least: 0,
    most: 10,
    placeholder: 'N',
    fallback: 1,
    description: 'seed'
  },
  data: { kind: 'text', placeholder: 'FILE', description: 'data file' },
  rate: { kind: 'number', above: 0, placeholder: 'R', fallback: 1, description: 'rate' },
  preset: { kind: 'choice', choices: ['fast', 'published'], fallback: 'fast', description: 'recipe' },
  resume: { kind: 'flag', description: 'continue' }
} as const

describe('options', () => {
  it('have values and fallbacks', () => {
    expect(parseOptions(specs, ['--data', 'x.npz', '--resume', '--seed=3'])).toEqual({
      _tag: 'Right',
      right: { seed: 3, data: 'x.npz', rate: 1, preset: 'fast', resume: true }
    })
    expect(parseOptions(specs, [])).toMatchObject({ right: { seed: 1, resume: false } })
  })

  it.each([
    [['--sed', '3'], 'did you mean --seed?'],
    [['--seed', 'three'], 'an integer, 0 or more'],
    [['--seed', '-1'], 'an integer, 0 or more'],
    [['--seed', '1.5'], 'an integer'],
    [['--preset', 'fats'], 'did you mean fast?'],
    [['--data'], '--data needs a value'],
    [['stray'], '"stray" belongs to no option'],
    [['-s', '1'], 'there is no option -s; see --help'],
    [['--seed', '1', '--seed=2'], '--seed is given twice'],
    [['--resume=no'], '--resume takes no value'],
    [['--data', '--seed', '1'], '--data needs a value'],
    [['--seed', '11'], 'an integer, 0 or more, at most 10'],
    [['--rate', '0'], 'a number, more than 0'],
    [['--constructor', '1'], 'there is no option --constructor']
  ])('refuse %j', (args, words) => {
    const result = parseOptions(specs, args)
    expect(result).toMatchObject({ _tag: 'Left', left: { _tag: 'UsageError' } })
    if (result._tag === 'Left') expect(result.left.message).toContain(words)
  })

  it('explain themselves', () => {
    const help = helpText('npm run fit -- [options]', 'Fits a file.', specs)
    expect(help).toContain('--preset fast|published')
    expect(help).toContain('(default 1)')
  })

  it('explain themselves in lines of a terminal, and break no shape', () => {
    const description = `${'many words '.repeat(20)}[n, d] ${'or more '.repeat(20)}[n, t, d]`
    const data = { kind: 'text', placeholder: 'FILE', description } as const
    const lines = helpText('npm run fit', 'Fits a file.', { data }).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110)
    expect(lines.filter((line) => /many words|or more/.test(line)).length).toBeGreaterThan(3)
    expect(lines.join('\n')).toContain('[n, d]')
    expect(lines.join('\n')).toContain('[n, t, d]')
  })
})

it('tables align numbers to the right', () => {
  expect(
    table([
      ['metric', 'value'],
      ['MCC', '0.98'],
      ['SHD', '1']
    ])
  ).toBe('metric  value\n──────  ─────\nMCC      0.98\nSHD         1')
})

describe('options of files', () => {
  const nothing = {
    data: [],
    x: undefined,
    a: undefined,
    z: undefined,
    features: undefined,
    'action-columns': undefined,
    'latent-columns': undefined,
    series: false,
    sequence: undefined,
    frames: undefined
  }
  it.each([
    [{ data: ['a.npz'], x: 'obs' }, undefined],
    [{ data: ['a.CSV.gz'], features: 'p*', sequence: 'day' }, undefined],
    [{ data: ['a.npz'], series: true }, undefined],
    [{ data: ['a.csv', 'sub/../a.csv'] }, 'is given twice'],
    [{ data: ['a.csv'], series: true, sequence: 'day' }, 'exclude each other'],
    [{ data: ['a.tsv'], a: 'act' }, 'choose its columns by --action-columns'],
    [{ data: ['a.npz'], 'latent-columns': 'z*' }, 'use --z'],
    [{ data: ['a.npy'], sequence: 'day' }, 'an array called lengths']
  ])('%j: %s', (given, wrong) => {
    const said = contradiction({ ...nothing, ...given })
    if (wrong === undefined) expect(said).toBeUndefined()
    else expect(said).toContain(wrong)
  })
})
