/** Documents of sections, tables and pictures, as plain data, and their checks. */
import { invalidOption, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type ReportError, type WrongId, wrongId } from './errors.js'

/** The colour of a word that says how something went. The word itself says so, too. */
export type Tone = 'good' | 'bad' | 'open'

/** A cell of a table. With `section` it links to the section of that id. */
export interface Cell {
  readonly text: string
  readonly section?: string
  readonly tone?: Tone
}

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: ReadonlyArray<string> }
  | { readonly kind: 'heading'; readonly text: string }
  | {
      readonly kind: 'table'
      /** What the table shows: it stands above it. */
      readonly caption?: string
      readonly head: ReadonlyArray<string>
      readonly rows: ReadonlyArray<ReadonlyArray<string | Cell>>
    }
  /** SVG elements side by side. They are inserted unescaped, so take them from trusted sources alone. */
  | { readonly kind: 'pictures'; readonly svgs: ReadonlyArray<string> }
  /** Text that keeps its line breaks, such as formulas. */
  | { readonly kind: 'verbatim'; readonly text: string }
  /** Blocks that are hidden until the reader opens them. */
  | { readonly kind: 'folded'; readonly summary: string; readonly blocks: ReadonlyArray<Block> }

export interface Section {
  /** The anchor: a letter, then letters, digits and hyphens. Each id stands once in a document. */
  readonly id: string
  readonly heading: string
  readonly badge?: { readonly text: string; readonly tone: Tone }
  readonly blocks: ReadonlyArray<Block>
}

export interface Chapter {
  readonly id: string
  readonly heading: string
  readonly blocks?: ReadonlyArray<Block>
  readonly sections: ReadonlyArray<Section>
}

export interface ReportDocument {
  readonly title: string
  readonly subtitle?: string
  /** Before the first chapter. */
  readonly opening: ReadonlyArray<Block>
  readonly chapters: ReadonlyArray<Chapter>
  /** A last line, such as how and when the document was made. */
  readonly colophon?: string
}

/** All blocks, those within folded ones too. */
const flattened = (blocks: ReadonlyArray<Block>): ReadonlyArray<Block> =>
  blocks.flatMap((block) => (block.kind === 'folded' ? [block, ...flattened(block.blocks)] : [block]))

const firstWrongId = (ids: ReadonlyArray<string>): WrongId | undefined => {
  const refused = (id: string, expected: string): WrongId => wrongId('renderDocument', 'an id', id, expected)
  const seen = new Set<string>()
  for (const id of ids) {
    if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(id)) return refused(id, 'a letter, then letters, digits and hyphens')
    if (seen.has(id)) return refused(id, 'an id that no other section has')
    seen.add(id)
  }
  return undefined
}

const wrongBlock = (block: Block, ids: ReadonlySet<string>, where: string): ReportError | undefined => {
  if (block.kind === 'pictures') {
    const odd = block.svgs.find((svg) => !svg.startsWith('<svg'))
    return odd === undefined
      ? undefined
      : invalidOption(`a picture of ${where}`, 'its beginning', `"${odd.slice(0, 20)}"`, 'an <svg> element')
  }
  if (block.kind !== 'table') return undefined
  const table = `a table of ${where}`
  for (const row of block.rows) {
    if (row.length !== block.head.length)
      return shapeMismatch(
        table,
        'the number of cells of a row',
        row.length,
        `${block.head.length}, as the head has`
      )
    for (const cell of row)
      if (typeof cell !== 'string' && cell.section !== undefined && !ids.has(cell.section))
        return wrongId(
          table,
          'the section that a cell links to',
          cell.section,
          'the id of a section of this document'
        )
  }
  return undefined
}

/** The document itself if it can be shown. */
export const checkDocument = (content: ReportDocument): E.Either<ReportError, ReportDocument> => {
  const { title, opening, chapters } = content
  const ids = chapters.flatMap(({ id, sections }) => [id, ...sections.map((section) => section.id)])
  const parts = [
    [title, opening] as const,
    ...chapters.map(({ id, blocks = [] }) => [id, blocks] as const),
    ...chapters.flatMap(({ sections }) => sections.map(({ id, blocks }) => [id, blocks] as const))
  ]
  const known = new Set(ids)
  const wrong =
    firstWrongId(ids) ??
    parts
      .flatMap(([where, blocks]) => flattened(blocks).map((block) => wrongBlock(block, known, where)))
      .find((error) => error !== undefined)
  return wrong === undefined ? E.right(content) : E.left(wrong)
}
