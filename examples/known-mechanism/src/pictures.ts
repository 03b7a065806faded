/** Pictures as SVG: learned against true latents, and frames with the positions found. */
import type { Samples } from '@mechid/values'
import { SIDE, toPixels } from './drawing.js'

const INK = '#333'
const BLUE = '#0072B2'
const ORANGE = '#D55E00'
const FONT = 'font-family="system-ui, sans-serif" font-size="12"'

const svg = (width: number, height: number, body: string, title: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img"><title>${title}</title><rect width="${width}" height="${height}" fill="white"/>${body}</svg>`

const PANEL = 150
const MARGIN = 34
const POINTS = 400

/** Learned against true values of one latent; on the line they agree. */
const panel = (z: Samples, zHat: Samples, latent: number, name: string, left: number): string => {
  const [rows, d] = z.shape
  const every = Math.max(1, Math.floor(rows / POINTS))
  const picked = Array.from({ length: Math.floor(rows / every) }, (_, i) => i * every * d + latent)
  const values = picked.flatMap((at) => [z.data[at], zHat.data[at]])
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const place = (value: number): number => ((value - low) / (high - low || 1)) * PANEL
  const dots = picked.map(
    (at) =>
      `<circle cx="${(left + place(z.data[at])).toFixed(1)}" cy="${(MARGIN + PANEL - place(zHat.data[at])).toFixed(1)}" r="1.6"/>`
  )
  return `<rect x="${left}" y="${MARGIN}" width="${PANEL}" height="${PANEL}" fill="none" stroke="#ddd"/>
<line x1="${left}" y1="${MARGIN + PANEL}" x2="${left + PANEL}" y2="${MARGIN}" stroke="${ORANGE}"/>
<g fill="${BLUE}" fill-opacity="0.5">${dots.join('')}</g>
<text x="${left}" y="${MARGIN - 8}" ${FONT} fill="${INK}">${name}</text>
<text x="${left + PANEL / 2}" y="${MARGIN + PANEL + 16}" text-anchor="middle" ${FONT} fill="${INK}">true</text>`
}

/** One panel for each latent. `zHat` should be in the coordinates of `z`. */
export const scatterPicture = (z: Samples, zHat: Samples, names: ReadonlyArray<string>): string => {
  const step = PANEL + MARGIN
  const panels = names.map((name, i) => panel(z, zHat, i, name, MARGIN + i * step))
  const label = `<text transform="translate(${MARGIN - 10} ${MARGIN + PANEL / 2}) rotate(-90)" text-anchor="middle" ${FONT} fill="${INK}">learned</text>`
  return svg(
    MARGIN + names.length * step,
    PANEL + 2 * MARGIN,
    label + panels.join(''),
    'learned against true latents'
  )
}

const ZOOM = 5
const GAP = 10

export interface SeenFrame {
  /** 32 × 32, row by row, in [0, 1]. */
  readonly pixels: ArrayLike<number>
  readonly truth: readonly [x: number, y: number]
  readonly found: readonly [x: number, y: number]
}

const pixelRects = (pixels: ArrayLike<number>): string => {
  const rects: string[] = []
  for (let p = 0; p < SIDE * SIDE; p++) {
    if (pixels[p] < 0.02) continue
    const grey = Math.round(255 * pixels[p])
    const [row, column] = [Math.floor(p / SIDE), p % SIDE]
    rects.push(
      `<rect x="${column * ZOOM}" y="${row * ZOOM}" width="${ZOOM}" height="${ZOOM}" fill="rgb(${grey},${grey},${grey})"/>`
    )
  }
  return rects.join('')
}

const cross = ([x, y]: readonly [number, number]): string => {
  const [column, row] = toPixels(x, y).map((value) => value * ZOOM)
  const arm = 9
  return `<path d="M${(column - arm).toFixed(1)} ${row.toFixed(1)}h${2 * arm}M${column.toFixed(1)} ${(row - arm).toFixed(1)}v${2 * arm}" stroke="${ORANGE}" stroke-width="2.5" fill="none"/>`
}

const ring = ([x, y]: readonly [number, number]): string => {
  const [column, row] = toPixels(x, y).map((value) => value * ZOOM)
  return `<circle cx="${column.toFixed(1)}" cy="${row.toFixed(1)}" r="5" stroke="${BLUE}" stroke-width="2.5" fill="none"/>`
}

/** Frames side by side: a blue ring where the ball is, an orange cross where it was found. */
export const framesPicture = (frames: ReadonlyArray<SeenFrame>, columns: number): string => {
  const size = SIDE * ZOOM
  const parts = frames.map(({ pixels, truth, found }, i) => {
    const [left, top] = [GAP + (i % columns) * (size + GAP), GAP + Math.floor(i / columns) * (size + GAP)]
    return `<svg x="${left}" y="${top}" width="${size}" height="${size}"><rect width="${size}" height="${size}"/>${pixelRects(pixels)}${ring(truth)}${cross(found)}</svg>`
  })
  const rows = Math.ceil(frames.length / columns)
  return svg(
    GAP + columns * (size + GAP),
    GAP + rows * (size + GAP),
    parts.join(''),
    'frames with true and found positions'
  )
}
