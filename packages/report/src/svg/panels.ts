/** Small charts in rows: points or lines over two axes. */
import { element, moved, nameElement, pixels, textElement, wordWidth } from './elements.js'
import type { Drawing } from './picture.js'
import { LIGHT } from './theme.js'

/** Points of one kind; `x` and `y` are equally long. */
export interface Series {
  readonly name?: string
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
}

export interface Panel {
  /** What runs to the right. */
  readonly x: string
  /** What runs upwards. */
  readonly y: string
  readonly series: ReadonlyArray<Series>
}

export interface PanelGrid {
  readonly panels: ReadonlyArray<Panel>
  readonly marks: 'points' | 'lines'
}

interface Size {
  readonly width: number
  readonly height: number
  readonly perRow: number
}

const SIZES: Readonly<Record<PanelGrid['marks'], Size>> = {
  points: { width: 150, height: 110, perRow: 4 },
  lines: { width: 640, height: 84, perRow: 1 }
}
const LEFT = 40
const BELOW = 36
const ABOVE = 20
const GAP = 14
const SIZE = 10
const NAME_SIZE = 11

const STROKES = [LIGHT.blue, LIGHT.orange, LIGHT.purple, LIGHT.green] as const
const DASHES = ['', '6 2', '2 2', '8 2 2 2'] as const

/** Round numbers within [low, high], two to four of them. */
export const roundTicks = (low: number, high: number): number[] => {
  const span = high - low
  if (!(span > 0)) return [low]
  const power = 10 ** Math.floor(Math.log10(span / 2))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => span / size <= 4) ?? span
  const first = Math.ceil(low / step - 1e-9)
  const count = Math.floor(high / step + 1e-9) - first + 1
  return Array.from({ length: count }, (_, k) => (first + k) * step)
}

const tickText = (tick: number): string => {
  const size = Math.abs(tick)
  if (size !== 0 && (size >= 1e5 || size < 1e-3)) return tick.toExponential(0).replace('-', '−')
  return String(Number(tick.toPrecision(4))).replace('-', '−')
}

const extent = (series: ReadonlyArray<Series>, axis: 'x' | 'y'): readonly [number, number] => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const one of series) {
    for (let k = 0; k < one[axis].length; k++) {
      low = Math.min(low, one[axis][k])
      high = Math.max(high, one[axis][k])
    }
  }
  if (!(low <= high)) return [0, 1]
  const room = high > low ? 0.04 * (high - low) : Math.max(0.5, 0.04 * Math.abs(low))
  return [low - room, high + room]
}

const marksOf = (
  { x, y }: Series,
  marks: PanelGrid['marks'],
  toX: (value: number) => number,
  toY: (value: number) => number
): string => {
  let path = ''
  for (let k = 0; k < x.length; k++) {
    const point = `${pixels(toX(x[k]))} ${pixels(toY(y[k]))}`
    path += marks === 'points' ? `M${point}h0` : `${k === 0 ? 'M' : 'L'}${point}`
  }
  return path
}

const axisElements = (
  { x, y }: Panel,
  { width, height }: Size,
  ticks: readonly [ReadonlyArray<number>, ReadonlyArray<number>],
  toX: (value: number) => number,
  toY: (value: number) => number
): string => {
  const rules =
    ticks[0].map((tick) => `M${pixels(toX(tick))} 0V${height}`).join('') +
    ticks[1].map((tick) => `M0 ${pixels(toY(tick))}H${width}`).join('')
  const number = { 'font-size': SIZE, fill: LIGHT.quiet }
  const most = Math.floor(width / 6.6)
  return (
    element('path', { d: rules, stroke: LIGHT.faint }) +
    ticks[0]
      .map((tick) =>
        textElement(tickText(tick), { ...number, x: toX(tick), y: height + 13, 'text-anchor': 'middle' })
      )
      .join('') +
    ticks[1]
      .map((tick) =>
        textElement(tickText(tick), { ...number, x: -5, y: toY(tick) + 3.5, 'text-anchor': 'end' })
      )
      .join('') +
    nameElement(x, most, {
      x: width / 2,
      y: height + 28,
      'text-anchor': 'middle',
      'font-size': NAME_SIZE,
      fill: LIGHT.ink
    }) +
    nameElement(y, most, { x: 0, y: -6, 'font-size': NAME_SIZE, fill: LIGHT.ink })
  )
}

const panelElement = (panel: Panel, marks: PanelGrid['marks'], size: Size): string => {
  const { width, height } = size
  const [[x0, x1], [y0, y1]] = [extent(panel.series, 'x'), extent(panel.series, 'y')]
  const toX = (value: number): number => ((value - x0) / (x1 - x0)) * width
  const toY = (value: number): number => height - ((value - y0) / (y1 - y0)) * height
  const drawn = panel.series
    .map((series, k) =>
      element('path', {
        d: marksOf(series, marks, toX, toY),
        fill: 'none',
        stroke: STROKES[k % STROKES.length],
        ...(marks === 'points'
          ? { 'stroke-width': 2.6, 'stroke-linecap': 'round', 'stroke-opacity': '0.7' }
          : {
              'stroke-width': 1.3,
              ...(DASHES[k % DASHES.length] === '' ? {} : { 'stroke-dasharray': DASHES[k % DASHES.length] })
            })
      })
    )
    .join('')
  return (
    axisElements(panel, size, [roundTicks(x0, x1), roundTicks(y0, y1)], toX, toY) +
    drawn +
    element('rect', { width, height, fill: 'none', stroke: LIGHT.rule })
  )
}

const legendElement = (panels: ReadonlyArray<Panel>): string => {
  const names = panels[0].series.flatMap(({ name }) => (name === undefined ? [] : [name]))
  let x = 0
  return names
    .map((name, k) => {
      const dash = DASHES[k % DASHES.length]
      const at = x
      x += 44 + wordWidth(name, NAME_SIZE)
      return moved(
        at,
        0,
        element('path', {
          d: 'M0 7h24',
          stroke: STROKES[k % STROKES.length],
          'stroke-width': 2,
          ...(dash === '' ? {} : { 'stroke-dasharray': dash })
        }) + textElement(name, { x: 30, y: 11, 'font-size': NAME_SIZE, fill: LIGHT.quiet })
      )
    })
    .join('')
}

/** All panels, the names of series on top; one panel at least. */
export const panelsDrawing = ({ panels, marks }: PanelGrid): Drawing => {
  const size = SIZES[marks]
  const [wide, high] = [LEFT + size.width + GAP, ABOVE + size.height + BELOW]
  const named = panels[0].series.some(({ name }) => name !== undefined)
  const top = named ? 22 : 0
  return {
    width: wide * Math.min(size.perRow, panels.length),
    height: top + high * Math.ceil(panels.length / size.perRow),
    body:
      (named ? legendElement(panels) : '') +
      panels
        .map((panel, k) =>
          moved(
            (k % size.perRow) * wide + LEFT,
            top + Math.floor(k / size.perRow) * high + ABOVE,
            panelElement(panel, marks, size)
          )
        )
        .join('')
  }
}
