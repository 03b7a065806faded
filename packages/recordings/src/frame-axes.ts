/** What the axes of an array of frames are taken for: which are rows, frames of a sequence, height, width and channels. */
import {
  entryCount,
  type InvalidOption,
  invalidOption,
  type ShapeMismatch,
  shapeMismatch,
  showShape
} from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'

/** Pixels of a frame, and numbers of each. */
export interface FrameSize {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** An array as frames. */
export interface FrameAxes extends FrameSize {
  /** Whether channels come before height and width in the file. */
  readonly channelsFirst: boolean
  /** Frames of each sequence; absent where all frames stand in one axis. */
  readonly perSequence?: number
  /** Which axis is what, `[rows, height, width]`. */
  readonly reading: string
}

/** What someone says of frames: their size, or that there are none. */
export type FrameChoice = FrameSize | 'none'

const EXPECTED = 'HEIGHTxWIDTH or HEIGHTxWIDTHxCHANNELS, such as 28x28 or 64x64x3, or none'

/** `64x64x3` → its sizes. Error: `InvalidOption`. */
export const parseFrameChoice = (text: string): E.Either<InvalidOption, FrameChoice> => {
  if (text === 'none') return E.right('none')
  const match = /^(\d+)[x×](\d+)(?:[x×](\d+))?$/i.exec(text.trim())
  const [height, width, channels] = (match ?? []).slice(1).map((part) => Number(part ?? 1))
  if (match === null || height * width * channels === 0)
    return E.left(invalidOption('the size of frames', 'frames', `"${text}"`, EXPECTED))
  return E.right({ height, width, channels })
}

/** Channels that pictures have: grey, grey with alpha, colours, colours with alpha. */
const MOST_CHANNELS = 4
/** Sides from which on an axis may be one of a picture. */
const SHORTEST_SIDE = 8

const isChannels = (length: number): boolean => length >= 1 && length <= MOST_CHANNELS
const isSide = (length: number): boolean => length >= SHORTEST_SIDE

type Letter = 'n' | 't' | 'h' | 'w' | 'c' | 'p'

const WORDS: Readonly<Record<Letter, string>> = {
  n: 'rows',
  t: 'frames',
  h: 'height',
  w: 'width',
  c: 'channels',
  p: 'pixels'
}

/** `nthw` → `[sequences, frames, height, width]`. */
const words = (letters: readonly Letter[]): string =>
  `[${letters.map((letter) => (letter === 'n' && letters.includes('t') ? 'sequences' : WORDS[letter])).join(', ')}]`

/** The axes by their letters: `p` is a whole frame, whose size has been said. */
const axesOf = (shape: readonly number[], order: string, said?: FrameSize): FrameAxes => {
  const letters = [...order] as Letter[]
  const length = (letter: Letter): number | undefined =>
    letters.includes(letter) ? shape[letters.indexOf(letter)] : undefined
  const perSequence = length('t')
  return {
    height: length('h') ?? said?.height ?? 1,
    width: length('w') ?? said?.width ?? 1,
    channels: length('c') ?? said?.channels ?? 1,
    channelsFirst: letters.includes('c') && letters.indexOf('c') < letters.indexOf('h'),
    ...(perSequence === undefined ? {} : { perSequence }),
    reading: words(letters)
  }
}

/** Orders of axes that a shape may have, likely ones first. */
const ORDERS: Readonly<Record<number, readonly string[]>> = {
  2: ['np'],
  3: ['nhw', 'ntp'],
  4: ['nhwc', 'nchw', 'nthw'],
  5: ['nthwc', 'ntchw']
}

/** The axes of a shape whose frames have the size that was said. Error: `ShapeMismatch`. */
const saidAxes = (
  where: string,
  shape: readonly number[],
  said: FrameSize
): E.Either<ShapeMismatch, FrameAxes> => {
  const { height, width, channels } = said
  for (const order of ORDERS[shape.length] ?? []) {
    const axes = axesOf(shape, order, said)
    const whole = order.endsWith('p')
      ? shape[shape.length - 1] === entryCount([height, width, channels])
      : true
    if (whole && axes.height === height && axes.width === width && axes.channels === channels)
      return E.right(axes)
  }
  const expected = `frames of ${height} × ${width} × ${channels} in its last axes, in this order, channels first, or flat`
  return E.left(shapeMismatch(where, 'the shape of x', showShape(shape), expected))
}

/** Which axes look like those of frames, and why; undefined: rows or sequences of plain features. */
const likelyOrder = (shape: readonly number[], bytes: boolean): string | undefined => {
  const [, second, third] = shape
  const last = shape[shape.length - 1]
  if (shape.length === 3) return bytes && isSide(second) && isSide(third) ? 'nhw' : undefined
  if (shape.length === 4) {
    if (isChannels(last)) return 'nhwc'
    return isChannels(second) ? 'nchw' : 'nthw'
  }
  if (shape.length !== 5) return undefined
  return !isChannels(last) && isChannels(third) ? 'ntchw' : 'nthwc'
}

/**
 * How an array is taken for frames: as someone said, or by its shape. [n, h, w, c] with up to four channels; [n, c, h, w]
 * likewise; other arrays of four axes are [n, t, h, w]; of five, [n, t, h, w, c] or [n, t, c, h, w]. An array of three
 * axes is [n, h, w] if it holds bytes and both sides have 8 or more, else sequences of plain features. Undefined: no
 * frames. Error: `ShapeMismatch` where the size that was said does not fit.
 */
export const frameAxes = (
  where: string,
  shape: readonly number[],
  bytes: boolean,
  choice: FrameChoice | undefined
): E.Either<ShapeMismatch, FrameAxes | undefined> => {
  if (choice === 'none') return E.right(undefined)
  if (choice !== undefined) return saidAxes(where, shape, choice)
  const order = likelyOrder(shape, bytes)
  return E.right(order === undefined ? undefined : axesOf(shape, order))
}

const counted = (channels: number): string => (channels === 1 ? '1 channel' : `${channels} channels`)

/** What a reader is told of how an array was taken. */
export const axesNote = (shape: readonly number[], axes: FrameAxes, said: boolean): string => {
  const { height, width, channels, channelsFirst, reading } = axes
  const turned = channelsFirst ? '; channels were put last' : ''
  const otherwise = said ? '' : ' If that is wrong, state the size of a frame, or that there are none.'
  return `x ${showShape(shape)} is taken as ${reading}: frames of ${height} × ${width} with ${counted(channels)}${turned}.${otherwise}`
}

const COLOURS = ['red', 'green', 'blue', 'alpha'] as const

/** `brightness`; `red`, `green`, `blue`, perhaps `alpha`; or numbers. */
export const channelNames = (channels: number): readonly string[] => {
  if (channels === 1) return ['brightness']
  if (channels === 3 || channels === 4) return COLOURS.slice(0, channels)
  return Array.from({ length: channels }, (_, k) => `channel ${k}`)
}
