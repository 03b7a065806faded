/** The HTML around the pictures of a report. */
import { escapeMarkup, printable } from '@mechid/values'
import type { Fact, LatentRow, MetricRow, Picture, ReportContent } from './content.js'
import { BASE_STYLE } from './style.js'

const STYLE = `${BASE_STYLE}
nav ul { display: flex; flex-wrap: wrap; gap: .1rem 1.2rem; list-style: none; padding: 0; font-size: .92rem; }
figure { margin: 1rem 0; } figure .scroll { border: 1px solid var(--line); border-radius: 6px; width: fit-content; max-width: 100%; } figure svg { display: block; border-radius: 6px; }
figcaption { font-size: .92rem; max-width: 44rem; margin-top: .4rem; } details { margin-top: 2rem; } summary { cursor: pointer; }
.facts th { white-space: nowrap; } .facts td { font-size: .92rem; overflow-wrap: anywhere; } table { margin-top: 1.2rem; } .words { min-width: 11rem; } .facts td span { display: block; }
h2 { scroll-margin-top: .5rem; }
@media (max-width: 34rem) { body { margin: 1rem auto; } .facts th, .facts td { display: block; border: 0; padding-bottom: 0; } .facts tr { display: block; border-bottom: 1px solid var(--line); padding-bottom: .35rem; } }`

/** A sentence may hold names of others: it stays on its line. */
const text = (words: string): string => escapeMarkup(printable(words))

const sentences = (lines: ReadonlyArray<string>): string =>
  lines.map((line) => `<p>${text(line)}</p>`).join('\n')

/** Scores of good models differ in the fourth digit; of what exceeds 1, three are enough. */
const number = (value: number): string =>
  Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) > 1 ? 3 : 4)

const cell = (words: string): string => `<td class="number">${text(words)}</td>`

/** A table that is wider than the screen scrolls, also by keyboard. */
const scrolling = (label: string, inner: string): string =>
  `<div class="scroll" role="region" tabindex="0" aria-label="${text(label)}">${inner}</div>`

/** A head of `text`, or of `number`s, which stand to the right. */
interface Head {
  readonly words: string
  readonly number?: boolean
}

const tableOf = (caption: string, head: ReadonlyArray<Head>, rows: ReadonlyArray<string>): string =>
  scrolling(
    caption,
    `<table><caption>${text(caption)}</caption><thead><tr>${head
      .map(
        ({ words, number: right }) => `<th scope="col"${right ? ' class="number"' : ''}>${text(words)}</th>`
      )
      .join('')}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`
  )

const metricTable = (rows: ReadonlyArray<MetricRow>): string => {
  // A column that no row fills is left out.
  const optional = [
    ['95% interval', ({ interval }: MetricRow) => interval?.map(number).join(' – ')],
    ['chance', ({ chance }: MetricRow) => (chance === undefined ? undefined : number(chance))],
    ['published', ({ published }: MetricRow) => (published === undefined ? undefined : number(published))]
  ] as const
  const shown = optional.filter(([, read]) => rows.some((row) => read(row) !== undefined))
  const body = rows.map(
    (row) =>
      `<tr><th scope="row">${text(row.name)}</th>${cell(number(row.value))}${shown
        .map(([, read]) => cell(read(row) ?? ''))
        .join('')}<td class="words">${text(row.explanation)}</td></tr>`
  )
  const numbers = ['value', ...shown.map(([name]) => name)].map((words) => ({ words, number: true }))
  return tableOf('Scores', [{ words: 'score' }, ...numbers, { words: 'meaning' }], body)
}

const latentTable = (rows: ReadonlyArray<LatentRow>): string => {
  const names = Object.keys(rows[0].scores)
  const body = rows.map(({ name, state, tone, scores }) => {
    const words = tone === undefined ? text(state) : `<span class="tone ${tone}">${text(state)}</span>`
    const values = names.map((score) => {
      const value = scores[score]
      return cell(value === undefined ? '–' : value.toFixed(4))
    })
    return `<tr><th scope="row">${text(name)}</th><td class="words">${words}</td>${values.join('')}</tr>`
  })
  const numbers = names.map((words) => ({ words, number: true }))
  return tableOf(
    'Latents',
    [{ words: 'latent' }, { words: 'if the learned graph is the true one' }, ...numbers],
    body
  )
}

const anchorOf = ({ name }: Picture): string => `picture-${name.replace(/\.svg$/, '')}`

const figure = (picture: Picture): string =>
  `<h2 id="${anchorOf(picture)}">${text(picture.heading)}</h2><figure>${scrolling(picture.heading, picture.svg)}<figcaption>${text(picture.caption)}</figcaption></figure>`

const factRows = (facts: ReadonlyArray<Fact>): string =>
  facts
    .map(([name, value]) => {
      const lines =
        typeof value === 'string' ? text(value) : value.map((line) => `<span>${text(line)}</span>`).join('')
      return `<tr><th scope="row">${text(name)}</th><td>${lines}</td></tr>`
    })
    .join('\n')

const factTable = (caption: string, facts: ReadonlyArray<Fact>): string =>
  `<table class="facts"><caption>${text(caption)}</caption><tbody>${factRows(facts)}</tbody></table>`

const contents = (pictures: ReadonlyArray<Picture>, made: boolean): string => {
  const links = [
    ...pictures.map((picture) => [anchorOf(picture), picture.heading]),
    ...(made ? [['made', 'How this was made']] : [])
  ]
  return `<nav aria-label="Pictures"><ul>${links.map(([id, words]) => `<li><a href="#${id}">${text(words)}</a></li>`).join('')}</ul></nav>`
}

/** The whole page. */
export const page = (content: ReportContent, pictures: ReadonlyArray<Picture>): string => {
  const { title, subtitle, configuration, seed, engine, seconds, latents = [], origin = [] } = content
  const facts = Object.entries({ seed, engine, seconds: Math.round(seconds), ...configuration }).map(
    ([name, value]): Fact => [name, String(value)]
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)}</title><style>${STYLE}</style></head><body>
<header><h1>${text(title)}</h1>
${subtitle === undefined ? '' : `<p class="quiet">${text(subtitle)}</p>`}
</header>
<main>
<h2>What theory predicts</h2>
${sentences(content.prediction)}
<h2>What was found</h2>
${sentences(content.verdict)}
${content.metrics.length === 0 ? '' : metricTable(content.metrics)}
${latents.length === 0 ? '' : latentTable(latents)}
${contents(pictures, origin.length > 0)}
${pictures.map(figure).join('\n')}
${origin.length === 0 ? '' : `<h2 id="made">How this was made</h2>${factTable('Command, data and versions', origin)}`}
<details><summary>Configuration and seed</summary>${factTable('Settings of the training', facts)}</details>
</main>
</body></html>
`
}
