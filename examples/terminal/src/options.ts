/** Options of a command line, declared once: parsed, checked, and explained by `--help`. */
import { parseArgs } from 'node:util'
import { presetNames } from '@mechid/estimator'
import * as E from 'fp-ts/lib/Either.js'
import { engineChoices } from './engines.js'
import { failWith } from './output.js'

interface Described {
  readonly description: string
}

/** What an option may be. */
export type OptionSpec =
  | (Described & { readonly kind: 'flag' })
  | (Described & { readonly kind: 'text'; readonly placeholder: string; readonly fallback?: string })
  /** May be given several times. */
  | (Described & { readonly kind: 'texts'; readonly placeholder: string })
  | (Described & {
      readonly kind: 'number'
      readonly placeholder: string
      readonly fallback?: number
      readonly least?: number
      readonly integer?: boolean
    })
  | (Described & { readonly kind: 'choice'; readonly choices: readonly string[]; readonly fallback: string })

export type OptionSpecs = Readonly<Record<string, OptionSpec>>

type ValueOf<S extends OptionSpec> = S extends { kind: 'flag' }
  ? boolean
  : S extends { kind: 'texts' }
    ? readonly string[]
    : S extends { kind: 'number' }
      ? S extends { fallback: number }
        ? number
        : number | undefined
      : S extends { kind: 'choice' }
        ? string
        : S extends { fallback: string }
          ? string
          : string | undefined

export type OptionValues<S extends OptionSpecs> = { readonly [Name in keyof S]: ValueOf<S[Name]> }

/** A command line that was not understood; `message` says what would be right. */
export interface UsageError {
  readonly _tag: 'UsageError'
  readonly message: string
}

const usage = (message: string): E.Either<UsageError, never> => E.left({ _tag: 'UsageError', message })

/** Edits (insertions, deletions, replacements) between two words. */
const editDistance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      current.push(Math.min(previous[j] + 1, current[j - 1] + 1, replaced))
    }
    previous = current
  }
  return previous[b.length]
}

const CLOSE = 3

/** `; did you mean …?`, or nothing where no known word is near. */
export const suggestion = (word: string, known: readonly string[]): string => {
  const [nearest] = [...known].sort((a, b) => editDistance(word, a) - editDistance(word, b))
  return nearest !== undefined && editDistance(word, nearest) <= CLOSE ? `; did you mean ${nearest}?` : ''
}

const parseNumber = (
  name: string,
  text: string,
  spec: OptionSpec & { kind: 'number' }
): E.Either<UsageError, number> => {
  const value = Number(text)
  const what = `${spec.integer === true ? 'an integer' : 'a number'}${spec.least === undefined ? '' : `, ${spec.least} or more`}`
  const sound =
    text.trim() !== '' &&
    Number.isFinite(value) &&
    (spec.integer !== true || Number.isInteger(value)) &&
    value >= (spec.least ?? Number.NEGATIVE_INFINITY)
  return sound ? E.right(value) : usage(`--${name} is "${text}"; it must be ${what}`)
}

const parseValue = (
  name: string,
  spec: OptionSpec,
  given: string | boolean | readonly (string | boolean)[] | undefined
): E.Either<UsageError, unknown> => {
  if (spec.kind === 'flag') return E.right(given === true)
  if (spec.kind === 'texts') return E.right(Array.isArray(given) ? given.map(String) : [])
  if (given === undefined) return E.right(spec.fallback)
  const text = String(given)
  if (spec.kind === 'number') return parseNumber(name, text, spec)
  if (spec.kind === 'choice' && !spec.choices.includes(text)) {
    const known = spec.choices.join(', ')
    return usage(`--${name} is "${text}"; it must be one of ${known}${suggestion(text, spec.choices)}`)
  }
  return E.right(text)
}

/**
 * The values of a command line. Unknown options, missing values and values out of range are errors that name
 * the option and what would be right.
 */
export const parseOptions = <S extends OptionSpecs>(
  specs: S,
  args: readonly string[]
): E.Either<UsageError, OptionValues<S>> => {
  const names = Object.keys(specs)
  const parsed = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      names.map((name) => [
        name,
        {
          type: specs[name].kind === 'flag' ? 'boolean' : 'string',
          multiple: specs[name].kind === 'texts',
          ...(name === 'help' ? { short: 'h' } : {})
        }
      ])
    )
  })
  for (const token of parsed.tokens) {
    if (token.kind === 'positional') return usage(`"${token.value}" belongs to no option; see --help`)
    if (token.kind !== 'option') continue
    if (!names.includes(token.name)) {
      return usage(
        `there is no option ${token.rawName}${suggestion(
          token.rawName,
          names.map((name) => `--${name}`)
        )}; see --help`
      )
    }
    if (specs[token.name].kind !== 'flag' && (token.value === undefined || token.value === '')) {
      return usage(`--${token.name} needs a value`)
    }
  }
  const values: Record<string, unknown> = {}
  for (const name of names) {
    const value = parseValue(name, specs[name], parsed.values[name])
    if (E.isLeft(value)) return value
    values[name] = value.right
  }
  return E.right(values as OptionValues<S>)
}

const placeholderOf = (spec: OptionSpec): string => {
  switch (spec.kind) {
    case 'flag':
      return ''
    case 'choice':
      return ` ${spec.choices.join('|')}`
    default:
      return ` ${spec.placeholder}`
  }
}

const HELP_WIDTH = 110

/** Breaks a text into lines of at most `width` characters: between words, and not within brackets such as `[n, d]`. */
const wrapped = (text: string, width: number): string[] => {
  const [first, ...words] = text.split(/ (?![^[]*\])/)
  const lines = [first]
  for (const word of words) {
    const longer = `${lines[lines.length - 1]} ${word}`
    if (longer.length <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

/** What `--help` prints. */
export const helpText = (usageLine: string, purpose: string, specs: OptionSpecs): string => {
  const rows = Object.entries(specs).map(([name, spec]): [string, string] => {
    const fallback =
      spec.kind === 'flag' || spec.kind === 'texts' || spec.fallback === undefined
        ? ''
        : ` (default ${spec.fallback})`
    return [`  --${name}${placeholderOf(spec)}`, `${spec.description}${fallback}`]
  })
  const column = Math.max(...rows.map(([left]) => left.length)) + 2
  const lines = rows.flatMap(([left, text]) =>
    wrapped(text, HELP_WIDTH - column).map((part, i) => `${(i === 0 ? left : '').padEnd(column)}${part}`)
  )
  return [purpose, '', `Usage: ${usageLine}`, '', 'Options:', ...lines, ''].join('\n')
}

/**
 * The values of this program's command line. With `--help` it prints the help and ends the program; with a command line
 * that it does not understand, it says what is wrong and ends it with exit code 2.
 */
export const readOptions = <S extends OptionSpecs & { readonly help: { readonly kind: 'flag' } }>(
  specs: S,
  usageLine: string,
  purpose: string
): OptionValues<S> => {
  const parsed = parseOptions(specs, process.argv.slice(2))
  if (E.isLeft(parsed)) return failWith(parsed.left.message, 2)
  if ((parsed.right as { readonly help: boolean }).help) {
    process.stdout.write(helpText(usageLine, purpose, specs))
    process.exit(0)
  }
  return parsed.right
}

/** The value of an option without which the program cannot run; where it is missing, the program ends. */
export const required = <A>(name: string, value: A | undefined): A =>
  value ?? failWith(`--${name} is missing; see --help`, 2)

/** Options of the programs that train. */
export const trainingOptions = {
  preset: { kind: 'choice', choices: presetNames, fallback: 'fast', description: 'training recipe' },
  seed: {
    kind: 'number',
    integer: true,
    least: 0,
    placeholder: 'N',
    fallback: 1,
    description: 'seed of data and training'
  },
  engine: {
    kind: 'choice',
    choices: engineChoices,
    fallback: 'auto',
    description: 'what runs the training; auto takes the fastest one available'
  }
} as const

/** Options of all programs: where the results go, and help. */
export const resultOptions = (folder: string) =>
  ({
    out: { kind: 'text', placeholder: 'DIR', fallback: folder, description: 'folder for the results' },
    json: { kind: 'text', placeholder: 'FILE', description: 'also write the results as JSON to FILE' },
    help: { kind: 'flag', description: 'print this text' }
  }) as const
