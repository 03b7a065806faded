/** Drawings in the DOT language of Graphviz. */
import type { Drawing } from './drawing.js'

const quoted = (text: string): string =>
  `"${text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replace(/\r\n?|\n/g, '\\n')}"`

/**
 * DOT text: latents as ellipses, actions as boxes, a lag as the arrow's label.
 *
 * @example
 * toDot(orThrow(graphDrawing(graph)))
 */
export const toDot = ({ nodes, arrows }: Drawing, name = 'G'): string =>
  [
    `digraph ${quoted(name)} {`,
    ...nodes.map(
      ({ id, label, kind }) =>
        `  ${id} [label=${quoted(label)}, shape=${kind === 'action' ? 'box' : 'ellipse'}];`
    ),
    ...arrows.map(
      ({ from, to, lag }) =>
        `  ${from} -> ${to}${lag === undefined ? '' : ` [label=${quoted(`lag ${lag}`)}]`};`
    ),
    '}',
    ''
  ].join('\n')
