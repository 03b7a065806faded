/** SVG as text: elements, and how wide words are. */
import { escapeMarkup, markupElement } from '@mechid/values'

type Attributes = Readonly<Record<string, string | number>>

/** Pixels to a hundredth: enough for screens and print, and short. */
export const pixels = (value: number): string => String(Math.round(value * 100) / 100)

/** `inner` is SVG already. */
export const element = markupElement(pixels)

export const moved = (x: number, y: number, inner: string): string =>
  element('g', { transform: `translate(${pixels(x)} ${pixels(y)})` }, inner)

/** A character of a sans-serif font is about this wide, in units of the font's size. */
const CHARACTER = 0.62

/** About how many pixels a word takes. */
export const wordWidth = (word: string, size: number): number => CHARACTER * size * [...word].length

/** No label is longer; the whole of it is its tooltip. */
const MOST_CHARACTERS = 16

/** One line, cut where it is long. */
export const shortened = (label: string): string => {
  const characters = [...label.replace(/\s+/g, ' ').trim()]
  return characters.length <= MOST_CHARACTERS
    ? characters.join('')
    : `${characters.slice(0, MOST_CHARACTERS - 1).join('')}…`
}

/** A label, with the whole of it as a tooltip where it is cut; the suffix never is. */
export const labelText = (label: string, attributes: Attributes, suffix = ''): string => {
  const short = shortened(label)
  const tooltip = short === label ? '' : element('title', {}, escapeMarkup(label))
  return element('text', attributes, `${tooltip}${escapeMarkup(`${short}${suffix}`)}`)
}
