/** A whole picture: an SVG document that opens alone and stands within HTML. */
import { escapeMarkup, printable } from '@mechid/values'
import { element, moved } from './elements.js'
import { FONT, LIGHT, themedRoot } from './theme.js'

/** SVG text with its origin at the top left. */
export interface Drawing {
  readonly width: number
  readonly height: number
  readonly body: string
}

const MARGIN = 10

/** `label` is the accessible name, `description` tells more to those who do not see the picture. No ids, so that many fit on one page. */
export const picture = ({ width, height, body }: Drawing, label: string, description?: string): string => {
  const [w, h] = [Math.ceil(width) + 2 * MARGIN, Math.ceil(height) + 2 * MARGIN]
  const { attributes, head } = themedRoot(printable(label))
  const told = description === undefined ? '' : element('desc', {}, escapeMarkup(printable(description)))
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      ...attributes,
      width: w,
      height: h,
      viewBox: `0 0 ${w} ${h}`,
      'font-family': FONT
    },
    told + head + element('rect', { width: w, height: h, fill: LIGHT.paper }) + moved(MARGIN, MARGIN, body)
  )
}

/** Roles of parts, which would only be noise to those who do not see the picture: the whole of it has a name. */
const PARTS = / (?:role|aria-[a-z]+)="[^"]*"/g

/** What Vega drew, with the same theme and an accessible name. Nobody’s text is in it but ours. */
export const themed = (svg: string, label: string): string => {
  const { attributes, head } = themedRoot(printable(label))
  const given = Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeMarkup(value)}"`)
    .join('')
  return svg
    .replace(PARTS, '')
    .replace(
      /^<svg([^>]*)>/,
      (_, others: string) => `<svg${given}${others.replace(/ class="[^"]*"/, '')}>${head}`
    )
}
