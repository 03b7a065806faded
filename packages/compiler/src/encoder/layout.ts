/** How observations must lie for a model: flat, channels last, or channels first. */
import { entryCount, type Reals, type ShapeMismatch, shapeMismatch, showShape } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { ModelPort } from './ports.js'

/** What is done to each row, and the shape that it then has. */
export interface Layout {
  /** Without the axis of the rows. */
  readonly shape: readonly number[]
  /** Whether channels are put before height and width. */
  readonly channelsFirst: boolean
}

type Axes = ReadonlyArray<number | string>

const fits = (axes: Axes, lengths: readonly number[]): boolean =>
  axes.length === lengths.length && axes.every((axis, i) => typeof axis === 'string' || axis === lengths[i])

const asIs = (shape: readonly number[]): Layout => ({ shape, channelsFirst: false })

/** The layout of frames [h, w, c]: channels first, as PyTorch has them, wherever the model takes that. */
const frameLayout = (axes: Axes | undefined, [h, w, c]: readonly number[]): Layout | undefined => {
  const turned = { shape: [c, h, w], channelsFirst: c > 1 }
  if (axes === undefined || fits(axes, [c, h, w])) return turned
  if (fits(axes, [h, w, c])) return asIs([h, w, c])
  if (c === 1 && fits(axes, [h, w])) return asIs([h, w])
  return fits(axes, [h * w * c]) ? { ...turned, shape: [h * w * c] } : undefined
}

const REMEDIES: Readonly<Record<number, string>> = {
  2: 'give rows of as many features as the model was trained on; of frames, their height, width and channels',
  4: 'give frames of the size that the model was trained on'
}

/**
 * The layout in which rows of `shape` ([features], or [height, width, channels]) go into the input. Error: `ShapeMismatch`, where
 * the model takes rows of another size.
 */
export const layoutFor = (
  where: string,
  what: string,
  { name, shape }: ModelPort,
  rows: readonly number[]
): E.Either<ShapeMismatch, Layout> => {
  const [, ...lengths] = rows
  const axes = shape.length === 0 ? undefined : shape.slice(1)
  if (lengths.length === 3) {
    const layout = frameLayout(axes, lengths)
    if (layout !== undefined) return E.right(layout)
  } else if (axes === undefined || fits(axes, lengths)) return E.right(asIs(lengths))
  const wanted = `[${shape.map((length, i) => (i === 0 ? 'rows' : length === '' ? '?' : length)).join(', ')}]`
  const expected = `${wanted}, as the model's input ${name} has; ${REMEDIES[rows.length]}`
  return E.left(shapeMismatch(where, `the shape of ${what}`, showShape(rows), expected))
}

/** `count` rows, each in the layout; `values` themselves where nothing is to be done. */
export const laidOut = ({ channelsFirst }: Layout, values: Reals, lengths: readonly number[]): Reals => {
  if (!channelsFirst) return values
  const width = entryCount(lengths)
  const channels = lengths[lengths.length - 1]
  const pixels = width / channels
  const out = values.slice()
  for (let at = 0; at < values.length; at += width) {
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < pixels; p++) out[at + c * pixels + p] = values[at + p * channels + c]
    }
  }
  return out
}
