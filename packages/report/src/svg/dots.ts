/** Scores from 0 to 1, a line for each name and a mark for each kind of score. */
import { element, moved, nameElement, pixels, shortened, textElement, wordWidth } from './elements.js'
import type { Drawing } from './picture.js'
import { LIGHT } from './theme.js'

export interface DotPlot {
  readonly names: ReadonlyArray<string>
  /** `values[i]` belongs to `names[i]`; undefined: not known. */
  readonly scores: ReadonlyArray<{
    readonly name: string
    readonly values: ReadonlyArray<number | undefined>
  }>
}

const WIDTH = 460
const LINE = 22
const SIZE = 11
const MOST_NAME = 22
const TICKS = [0, 0.25, 0.5, 0.75, 1] as const

const STROKES = [LIGHT.blue, LIGHT.orange, LIGHT.purple, LIGHT.green, LIGHT.quiet] as const

/** Circle, diamond, triangle, square, cross: told apart without colour. */
const SHAPES = [
  'M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z',
  'M0 -5.5L5.5 0L0 5.5L-5.5 0z',
  'M0 -5L5 4H-5z',
  'M-4 -4H4V4H-4z',
  'M-5 -1.5h3.5v-3.5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5z'
] as const

const shape = (kind: number, x: number, y: number): string =>
  moved(
    x,
    y,
    element('path', {
      d: SHAPES[kind % SHAPES.length],
      fill: STROKES[kind % STROKES.length],
      'fill-opacity': '0.75',
      stroke: LIGHT.paper,
      'stroke-width': 0.8
    })
  )

/** Values below 0 stand at 0, those above 1 at 1. */
export const dotPlotDrawing = ({ names, scores }: DotPlot): Drawing => {
  const left = Math.max(24, ...names.map((name) => wordWidth(shortened(name, MOST_NAME), SIZE) + 10))
  const height = names.length * LINE
  const toX = (value: number): number => Math.max(0, Math.min(1, value)) * WIDTH
  let legendAt = 0
  const legend = scores
    .map(({ name }, kind) => {
      const at = legendAt
      legendAt += 34 + wordWidth(name, SIZE)
      return (
        shape(kind, at + 6, 8) +
        textElement(name, { x: at + 16, y: 12, 'font-size': SIZE, fill: LIGHT.quiet })
      )
    })
    .join('')
  const rules =
    TICKS.map((tick) => `M${toX(tick)} 0V${height}`).join('') +
    names.map((_, i) => `M0 ${pixels((i + 0.5) * LINE)}H${WIDTH}`).join('')
  const body =
    element('path', { d: rules, stroke: LIGHT.faint }) +
    TICKS.map((tick) =>
      textElement(String(tick), {
        x: toX(tick),
        y: height + 14,
        'text-anchor': 'middle',
        'font-size': 10,
        fill: LIGHT.quiet
      })
    ).join('') +
    names
      .map((name, i) =>
        nameElement(name, MOST_NAME, {
          x: -10,
          y: (i + 0.5) * LINE + 4,
          'text-anchor': 'end',
          'font-size': SIZE,
          fill: LIGHT.ink
        })
      )
      .join('') +
    scores
      .map(({ values }, kind) =>
        values
          .map((value, i) => (value === undefined ? '' : shape(kind, toX(value), (i + 0.5) * LINE)))
          .join('')
      )
      .join('')
  return {
    width: Math.max(left + WIDTH + 12, legendAt),
    height: 26 + height + 20,
    body: legend + moved(left, 26, body)
  }
}
