/** SVG as text: elements, labels that are cut where they are long, and how wide words are. */
import { escapeMarkup, markupElement, printable } from '@mechid/values'

type Attributes = Readonly<Record<string, string | number>>

/** Pixels to a tenth: enough for screens and print, and short. */
export const pixels = (value: number): string => String(Math.round(value * 10) / 10)

/** `inner` is SVG already. */
export const element = markupElement(pixels)

export const moved = (x: number, y: number, inner: string): string =>
  element('g', { transform: `translate(${pixels(x)} ${pixels(y)})` }, inner)

/** What a pointer that rests on an element shows. */
export const tooltip = (text: string): string => element('title', {}, escapeMarkup(printable(text)))

/** A character of a sans-serif font is about this wide, in units of the font’s size. */
const CHARACTER = 0.6

/** A character that is as wide as it is high: Chinese, Japanese, Korean, emoji. */
const WIDE = /[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]|\p{Extended_Pictographic}/u

/** About how many pixels a line of text takes. */
export const wordWidth = (text: string, size: number): number => {
  let units = 0
  for (const character of text) units += WIDE.test(character) ? 1.1 : CHARACTER
  return units * size
}

/** What stands for a name that has no visible character. */
const NAMELESS = '(no name)'

/** What a name looks like on one line, in `most` characters at most: its beginning, `…`, and its end, which may tell it apart. */
export const shortened = (name: string, most: number): string => {
  const line = printable(name).replace(/\s+/g, ' ').trim()
  if (line === '') return NAMELESS
  const characters = [...line]
  if (characters.length <= most) return line
  const tail = Math.floor((most - 1) / 3)
  return `${characters.slice(0, most - 1 - tail).join('')}…${characters.slice(characters.length - tail).join('')}`
}

/** Text of an unknown origin. */
export const textElement = (text: string, attributes: Attributes): string =>
  element('text', attributes, escapeMarkup(printable(text)))

/** A name, with the whole of it as a tooltip where it is cut. */
export const nameElement = (name: string, most: number, attributes: Attributes): string => {
  const short = shortened(name, most)
  return element('text', attributes, `${short === name ? '' : tooltip(name)}${escapeMarkup(short)}`)
}
