/** Documents as one HTML file: contents, anchors, tables, pictures; no network, no script. */
import { escapeMarkup } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import {
  type Block,
  type Cell,
  type Chapter,
  checkDocument,
  type ReportDocument,
  type Section
} from './document.js'
import type { ReportError } from './errors.js'
import { BASE_STYLE } from './style.js'

const STYLE = `${BASE_STYLE}
body { max-width: 82rem; overflow-wrap: break-word; }
nav { border: 1px solid var(--line); border-radius: 6px; padding: .2rem 1rem .8rem; max-height: 16rem; overflow-y: auto; margin: 1rem 0; }
nav ul { list-style: none; padding: 0; margin: 0; columns: 2; column-gap: 1.5rem; font-size: .9rem; } nav li { break-inside: avoid; padding: .12rem 0; }
nav h2 { font-size: 1rem; margin: .6rem 0 .3rem; } nav h3 { font-size: .9rem; margin: .8rem 0 .2rem; }
h3 { margin: 0; } h4 { margin: 1.1rem 0 .3rem; font-size: .95rem; } p { max-width: 48rem; margin: .6rem 0; } li { max-width: 47rem; }
section { border-top: 1px solid var(--line); padding: 1.1rem 0 .4rem; scroll-margin-top: .5rem; }
.badge, .tone { font-weight: 600; } .badge { border: 1.5px solid currentColor; border-radius: 1rem; padding: .05rem .6rem; font-size: .8rem; white-space: nowrap; margin-left: .3rem; vertical-align: .1rem; }
table { font-size: .92rem; } thead th { vertical-align: bottom; } .tone { white-space: nowrap; }
.scroll th:first-child, .scroll td:first-child { position: sticky; left: 0; background: var(--paper); }
.pictures { display: flex; flex-wrap: wrap; gap: .6rem; margin: .8rem 0; } .pictures figure { margin: 0; max-width: 100%; overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; } .pictures svg { display: block; }
pre { overflow-x: auto; font-size: .85rem; } details { margin: .8rem 0; } summary { cursor: pointer; } ul { padding-left: 1.2rem; } .top { font-size: .85rem; color: var(--quiet); float: right; }
@media (min-width: 68rem) {
  body { display: grid; grid-template: auto 1fr / 15rem minmax(0, 1fr); gap: 0 2.5rem; } header { grid-area: 1 / 2; } main { grid-area: 2 / 2; }
  nav { grid-area: 1 / 1 / 3; position: sticky; top: 1rem; align-self: start; max-height: calc(100vh - 2rem); border: 0; padding: 0; margin: 0; } nav ul { columns: 1; } .top { display: none; }
}
@media print { .top { display: none; } section { break-inside: avoid; } }`

const toned = (text: string, tone: Cell['tone']): string =>
  tone === undefined ? escapeMarkup(text) : `<span class="tone ${tone}">${escapeMarkup(text)}</span>`

const cellContent = (cell: string | Cell): string => {
  if (typeof cell === 'string') return escapeMarkup(cell)
  const text = toned(cell.text, cell.tone)
  return cell.section === undefined ? text : `<a href="#${cell.section}">${text}</a>`
}

const isNumeric = (cell: string | Cell): boolean =>
  /^[-−]?[\d.,/%]*$/.test(typeof cell === 'string' ? cell : cell.text)

const tableHtml = ({ head, rows, caption }: Block & { kind: 'table' }): string => {
  const numeric = head.map((_, j) => rows.length > 0 && rows.every((row) => isNumeric(row[j])))
  const heading = head
    .map((text, j) => `<th scope="col"${numeric[j] ? ' class="number"' : ''}>${escapeMarkup(text)}</th>`)
    .join('')
  const body = rows
    .map(
      (row) =>
        `<tr>${row.map((cell, j) => `<td${numeric[j] ? ' class="number"' : ''}>${cellContent(cell)}</td>`).join('')}</tr>`
    )
    .join('\n')
  const named = caption === undefined ? '' : `<caption>${escapeMarkup(caption)}</caption>`
  const label = escapeMarkup(caption ?? `Table of ${head.filter((text) => text !== '').join(', ')}`)
  return `<div class="scroll" role="region" tabindex="0" aria-label="${label}"><table>${named}<thead><tr>${heading}</tr></thead><tbody>${body}</tbody></table></div>`
}

const blockHtml = (block: Block): string => {
  switch (block.kind) {
    case 'text':
      return `<p>${escapeMarkup(block.text)}</p>`
    case 'heading':
      return `<h4>${escapeMarkup(block.text)}</h4>`
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${escapeMarkup(item)}</li>`).join('')}</ul>`
    case 'table':
      return tableHtml(block)
    case 'pictures':
      return `<div class="pictures">${block.svgs.map((svg) => `<figure tabindex="0">${svg}</figure>`).join('')}</div>`
    case 'verbatim':
      return `<pre>${escapeMarkup(block.text)}</pre>`
    case 'folded':
      return `<details><summary>${escapeMarkup(block.summary)}</summary>${blocksHtml(block.blocks)}</details>`
  }
}

const blocksHtml = (blocks: ReadonlyArray<Block>): string => blocks.map(blockHtml).join('\n')

const sectionHtml = ({ id, heading, badge, blocks }: Section): string => {
  const mark =
    badge === undefined ? '' : ` <span class="badge ${badge.tone}">${escapeMarkup(badge.text)}</span>`
  return `<section id="${id}"><a class="top" href="#contents">contents</a><h3>${escapeMarkup(heading)}${mark}</h3>
${blocksHtml(blocks)}
</section>`
}

const chapterHtml = ({ id, heading, blocks = [], sections }: Chapter): string =>
  `<h2 id="${id}">${escapeMarkup(heading)}</h2>
${blocksHtml(blocks)}
${sections.map(sectionHtml).join('\n')}`

const contentsHtml = (chapters: ReadonlyArray<Chapter>): string => {
  const lists = chapters.map(({ id, heading, sections }) => {
    const items = sections.map((one) => `<li><a href="#${one.id}">${escapeMarkup(one.heading)}</a></li>`)
    return `<h3><a href="#${id}">${escapeMarkup(heading)}</a></h3><ul>${items.join('')}</ul>`
  })
  return `<nav id="contents" aria-label="Contents"><h2>Contents</h2>${lists.join('\n')}</nav>`
}

const documentHtml = ({ title, subtitle, opening, chapters, colophon }: ReportDocument): string =>
  `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title><style>${STYLE}</style></head><body>
<header><h1>${escapeMarkup(title)}</h1>
${subtitle === undefined ? '' : `<p class="quiet">${escapeMarkup(subtitle)}</p>`}
</header>
${contentsHtml(chapters)}
<main>
${blocksHtml(opening)}
${chapters.map(chapterHtml).join('\n')}
${colophon === undefined ? '' : `<p class="quiet">${escapeMarkup(colophon)}</p>`}
</main>
</body></html>
`

/**
 * A document as one HTML file with a table of contents and an anchor for each section: no network, no script, readable
 * on light and dark screens and on phones. Texts are escaped; pictures are inserted as they are.
 *
 * Use it for results of many runs or graphs, with sections and tables of your own; for a single training use
 * `renderHtml`.
 *
 * Errors: `WrongId` (an anchor that is malformed, repeated, or linked to and missing), `ShapeMismatch` (a ragged
 * table), `InvalidOption` (a picture that is no SVG).
 *
 * @example
 * renderDocument({ title: 'Graphs', opening: [], chapters: [{ id: 'small', heading: 'Small ones', sections }] })
 */
export const renderDocument = (content: ReportDocument): E.Either<ReportError, string> =>
  E.map(documentHtml)(checkDocument(content))
