/** The HTML around the pictures. */
import type { MetricRow, Picture, ReportContent } from './content.js'

/** Text as text, whatever characters it holds. */
export const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

/** Colours, type and tables: what every page shares. */
export const BASE_STYLE = `
:root { color-scheme: light dark; --ink: #1b1b1b; --quiet: #666; --line: #ddd; --paper: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #eee; --quiet: #aaa; --line: #444; --paper: #1c1c1e; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 54rem; margin: 2rem auto; padding: 0 1rem; }
h1 { margin-bottom: 0; } h2 { margin-top: 2.2rem; } .quiet, figcaption { color: var(--quiet); }
table { border-collapse: collapse; } th, td { text-align: left; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
@media print { body { max-width: none; } figure { break-inside: avoid; } }`

const STYLE = `${BASE_STYLE}
figure { margin: 1rem 0; } figure svg { max-width: 100%; height: auto; background: #fff; border-radius: 6px; }
figcaption { font-size: .92rem; max-width: 44rem; } details { margin-top: 2rem; }`

const sentences = (lines: ReadonlyArray<string>): string =>
  lines.map((line) => `<p>${escapeHtml(line)}</p>`).join('\n')

const number = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(3))

const cell = (text: string): string => `<td class="number">${escapeHtml(text)}</td>`

const metricTable = (rows: ReadonlyArray<MetricRow>): string => {
  // A column that no row fills is left out.
  const optional = [
    ['95% interval', ({ interval }: MetricRow) => interval?.map(number).join(' – ')],
    ['chance', ({ chance }: MetricRow) => (chance === undefined ? undefined : number(chance))],
    ['published', ({ published }: MetricRow) => (published === undefined ? undefined : number(published))]
  ] as const
  const shown = optional.filter(([, read]) => rows.some((row) => read(row) !== undefined))
  const head = ['score', 'value', ...shown.map(([name]) => name), 'meaning'].map(
    (name) => `<th scope="col">${name}</th>`
  )
  const body = rows.map(
    (row) =>
      `<tr><th scope="row">${escapeHtml(row.name)}</th>${cell(number(row.value))}${shown
        .map(([, read]) => cell(read(row) ?? ''))
        .join('')}<td>${escapeHtml(row.explanation)}</td></tr>`
  )
  return `<table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table>`
}

const figure = ({ heading, caption, svg }: Picture): string =>
  `<h2>${escapeHtml(heading)}</h2><figure role="img" aria-label="${escapeHtml(heading)}">${svg}<figcaption>${escapeHtml(caption)}</figcaption></figure>`

/** The whole page. */
export const page = (content: ReportContent, pictures: ReadonlyArray<Picture>): string => {
  const { title, subtitle, configuration, seed, engine, seconds } = content
  const facts = Object.entries({ seed, engine, seconds: Math.round(seconds), ...configuration }).map(
    ([name, value]) =>
      `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(String(value))}</td></tr>`
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body>
<h1>${escapeHtml(title)}</h1>
${subtitle === undefined ? '' : `<p class="quiet">${escapeHtml(subtitle)}</p>`}
<h2>What theory predicts</h2>
${sentences(content.prediction)}
<h2>What was found</h2>
${sentences(content.verdict)}
${content.metrics.length === 0 ? '' : metricTable(content.metrics)}
${pictures.map(figure).join('\n')}
<details><summary>Configuration and seed</summary><table><tbody>${facts.join('\n')}</tbody></table></details>
</body></html>
`
}
