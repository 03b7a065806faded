/** Options of a command line, declared once: parsed, checked, and explained by `--help`. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { presetNames } from '@mechid/estimator'
import { closestWord } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { engineChoices } from './engines.js'
import { failWith } from './output.js'

interface Described {
  readonly description: string
}

interface NumberSpec extends Described {
  readonly kind: 'number'
  readonly placeholder: string
  readonly fallback?: number
  readonly least?: number
  /** The number must be larger. */
  readonly above?: number
  readonly most?: number
  readonly integer?: boolean
}

/** What an option may be. */
export type OptionSpec =
  | (Described & { readonly kind: 'flag' })
  | (Described & { readonly kind: 'text'; readonly placeholder: string; readonly fallback?: string })
  /** May be given several times. */
  | (Described & { readonly kind: 'texts'; readonly placeholder: string })
  | NumberSpec
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

/** `; did you mean …?`, or nothing where no known word is near. */
export const suggestion = (word: string, known: readonly string[]): string => {
  const near = closestWord(word, known)
  return near === undefined ? '' : `; did you mean ${near}?`
}

/** `an integer, 1 or more`. */
const rangeOf = ({ integer, least, above, most }: NumberSpec): string => {
  const bounds = [
    above === undefined ? undefined : `more than ${above}`,
    least === undefined ? undefined : `${least} or more`,
    most === undefined ? undefined : `at most ${most}`
  ]
  return [
    integer === true ? 'an integer' : 'a number',
    ...bounds.filter((bound) => bound !== undefined)
  ].join(', ')
}

const parseNumber = (name: string, text: string, spec: NumberSpec): E.Either<UsageError, number> => {
  const value = Number(text)
  const sound =
    text.trim() !== '' &&
    Number.isFinite(value) &&
    (spec.integer !== true || Number.isSafeInteger(value)) &&
    value >= (spec.least ?? Number.NEGATIVE_INFINITY) &&
    value > (spec.above ?? Number.NEGATIVE_INFINITY) &&
    value <= (spec.most ?? Number.POSITIVE_INFINITY)
  return sound ? E.right(value) : usage(`--${name} is "${text}"; it must be ${rangeOf(spec)}`)
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

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number]

/** What is wrong with one part of a command line, before values are looked at. */
const misplaced = (specs: OptionSpecs, token: Token, before: ReadonlySet<string>): string | undefined => {
  if (token.kind === 'positional') return `"${token.value}" belongs to no option; see --help`
  if (token.kind !== 'option') return undefined
  const { name, rawName, value, inlineValue } = token
  // One letter is -h alone.
  const known = Object.hasOwn(specs, name) && (rawName.startsWith('--') || name === 'help')
  const spec = known ? specs[name] : undefined
  if (spec === undefined) {
    const near = closestWord(name, Object.keys(specs))
    return `there is no option ${rawName}${near === undefined ? '' : `; did you mean --${near}?`}; see --help`
  }
  if (spec.kind === 'flag') {
    if (value !== undefined) return `--${name} takes no value; it is given or left out`
  } else if (value === undefined || value === '' || (inlineValue === false && value.startsWith('--'))) {
    return `--${name} needs a value`
  }
  return before.has(name) && spec.kind !== 'texts' ? `--${name} is given twice` : undefined
}

/**
 * The values of a command line. Unknown options, options given twice, missing values and values out of range are errors
 * that name the option and what would be right.
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
  const before = new Set<string>()
  for (const token of parsed.tokens) {
    const wrong = misplaced(specs, token, before)
    if (wrong !== undefined) return usage(wrong)
    if (token.kind === 'option') before.add(token.name)
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

/** What every program of the repository answers to, beside its own options. */
const general = { version: { kind: 'flag', description: 'print the version' } } as const

/** `mechid 0.1.0`: the version of the package that trains. */
const versionText = (): string => {
  const entry = createRequire(import.meta.url).resolve('@mechid/estimator')
  const manifest = readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8')
  return `mechid ${JSON.parse(manifest).version}, Node ${process.versions.node}`
}

/**
 * The values of this program's command line, or of `args`, the rest of it after a command. With `--help` or `--version` it
 * prints that and ends the program; with a command line that it does not understand, it says what is wrong and ends it with
 * exit code 2.
 */
export const readOptions = <S extends OptionSpecs & { readonly help: { readonly kind: 'flag' } }>(
  specs: S,
  usageLine: string,
  purpose: string,
  args: readonly string[] = process.argv.slice(2)
): OptionValues<S> => {
  const all = { ...specs, ...general }
  const parsed = parseOptions<OptionSpecs>(all, args)
  if (E.isLeft(parsed)) return failWith(parsed.left.message, 2)
  const { help, version, ...values } = parsed.right
  if (help === true || version === true) {
    process.stdout.write(help === true ? helpText(usageLine, purpose, all) : `${versionText()}\n`)
    process.exit(0)
  }
  return { help, ...values } as OptionValues<S>
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
