/** Drawings in the language of Mermaid flowcharts. */
import type { Drawing } from './drawing.js'

const entities: Readonly<Record<string, string>> = {
  '"': '#quot;',
  '#': '#35;',
  '&': '#amp;',
  '<': '#lt;',
  '>': '#gt;',
  '`': '#96;',
  '\\': '#92;'
}

const quoted = (text: string): string =>
  `"${text.replace(/["#&<>`\\]/g, (character) => entities[character]).replace(/\r\n?|\n/g, '<br/>')}"`

/**
 * Mermaid text: latents as rounded nodes, actions as boxes, a lag as the arrow's label.
 *
 * @example
 * toMermaid(orThrow(graphDrawing(graph)))
 */
export const toMermaid = ({ nodes, arrows }: Drawing): string =>
  [
    'flowchart LR',
    ...nodes.map(({ id, label, kind }) =>
      kind === 'action' ? `  ${id}[${quoted(label)}]` : `  ${id}(${quoted(label)})`
    ),
    ...arrows.map(
      ({ from, to, lag }) => `  ${from} -->${lag === undefined ? '' : `|${quoted(`lag ${lag}`)}|`} ${to}`
    ),
    ''
  ].join('\n')
