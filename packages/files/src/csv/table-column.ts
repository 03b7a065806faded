/** Collects a column's cells: numbers as long as all are, labels beside them while there are few. */

/** A column of numbers; NaN where a cell was empty or said so. */
export interface NumberColumn {
  readonly _tag: 'Numbers'
  readonly values: Float64Array
  /** The file's line, the header on line 1, of the first empty cell or NaN; absent where there is none. */
  readonly firstMissing?: number
}

/** A column in which some cell is no number. */
export interface TextColumn {
  readonly _tag: 'Text'
  /** The first cell that is no number, shortened; the file's line, the header on line 1. */
  readonly firstText: { readonly line: number; readonly text: string }
  /** How many cells are numbers all the same. */
  readonly numbers: number
  /** Absent where there are more than 10,000 different cells, or one is longer than 1,000 letters. */
  readonly levels?: Levels
}

/** Each cell by the index of its label. */
export interface Levels {
  /** In the order in which they first occur. */
  readonly labels: readonly string[]
  readonly codes: Int32Array
}

/** More than so many different cells are no labels. */
const MOST_LABELS = 10_000
const LONGEST_LABEL = 1000
/** What is kept of a text that is no number, for a message. */
const SHOWN_TEXT = 60

const grown = <A extends Float64Array | Int32Array>(values: A, length: number): A => {
  const larger = new (values.constructor as new (n: number) => A)(length)
  larger.set(values as never)
  return larger
}

// A copy, since a slice would keep the whole text.
const shortened = (text: string): string =>
  text.length <= SHOWN_TEXT ? text : `${[...text.slice(0, SHOWN_TEXT)].join('')}…`

export interface ColumnCollector {
  /** Takes a cell's text and its number, undefined for text and NaN for an empty cell. */
  readonly take: (text: string, value: number | undefined, line: number) => void
  readonly finish: () => NumberColumn | TextColumn
}

export const columnCollector = (): ColumnCollector => {
  let values = new Float64Array(1024)
  let codes: Int32Array | undefined = new Int32Array(1024)
  const known = new Map<string, number>()
  let count = 0
  let firstMissing: number | undefined
  let firstText: TextColumn['firstText'] | undefined
  let numbers = 0

  const codeOf = (text: string): void => {
    if (codes === undefined) return
    let code = known.get(text)
    if (code === undefined) {
      if (known.size === MOST_LABELS || text.length > LONGEST_LABEL) {
        codes = undefined
        known.clear()
        return
      }
      code = known.size
      known.set(text, code)
    }
    codes[count] = code
  }
  return {
    take: (text, value, line) => {
      if (count === values.length) {
        values = grown(values, 2 * count)
        if (codes !== undefined) codes = grown(codes, 2 * count)
      }
      values[count] = value ?? Number.NaN
      codeOf(text)
      if (value === undefined) firstText ??= { line, text: shortened(text) }
      else if (Number.isNaN(value)) firstMissing ??= line
      if (value !== undefined && !Number.isNaN(value)) numbers++
      count++
    },
    finish: () => {
      if (firstText === undefined)
        return {
          _tag: 'Numbers',
          values: values.slice(0, count),
          ...(firstMissing === undefined ? {} : { firstMissing })
        }
      const levels =
        codes === undefined ? {} : { levels: { labels: [...known.keys()], codes: codes.slice(0, count) } }
      return { _tag: 'Text', firstText, numbers, ...levels }
    }
  }
}
