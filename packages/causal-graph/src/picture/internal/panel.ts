/** Panels: parts of a picture with a heading, set side by side on one sheet. */

import { escapeMarkup } from '@mechid/values'
import { type PictureTheme, styleSheet, themeClass } from '../theme.js'
import { element, moved, wordWidth } from './elements.js'

/** SVG text with its origin at the top left, without its heading. */
export interface Panel {
  /** Fit for a file name: `graph`, `time`, `actions`, `entanglement`. */
  readonly name: string
  readonly heading: string
  /** How to read it, in a few words. */
  readonly reading: string
  readonly width: number
  readonly height: number
  readonly body: string
}

const HEADING_SIZE = 13
const READING_SIZE = 11
const HEAD = 40
const MARGIN = 14
const GAP = 32

const fullWidth = ({ heading, reading, width }: Panel): number =>
  Math.max(width, wordWidth(heading, HEADING_SIZE), wordWidth(reading, READING_SIZE))

const withHeading = (panel: Panel): string =>
  element(
    'text',
    { class: 'ink', y: 12, 'font-size': HEADING_SIZE, 'font-weight': 600 },
    escapeMarkup(panel.heading)
  ) +
  element('text', { class: 'quiet', y: 28, 'font-size': READING_SIZE }, escapeMarkup(panel.reading)) +
  moved(0, HEAD, panel.body)

/** Left to right, and on to the next line where `limit` would be passed. */
const placed = (
  panels: ReadonlyArray<Panel>,
  limit: number
): { readonly width: number; readonly height: number; readonly body: string } => {
  let [x, y, lineHeight, width, body] = [0, 0, 0, 0, '']
  for (const panel of panels) {
    const own = fullWidth(panel)
    if (x > 0 && x + own > limit) {
      y += lineHeight + GAP
      ;[x, lineHeight] = [0, 0]
    }
    body += moved(MARGIN + x, MARGIN + y, withHeading(panel))
    width = Math.max(width, x + own)
    lineHeight = Math.max(lineHeight, HEAD + panel.height)
    x += own + GAP
  }
  return { width: width + 2 * MARGIN, height: y + lineHeight + 2 * MARGIN, body }
}

export interface Sheet {
  readonly title: string
  readonly description: string
  readonly theme: PictureTheme
  readonly maximumWidth: number
}

/** The whole picture: an SVG document that also stands within HTML. No ids, so that many fit on one page. */
export const sheet = (
  panels: ReadonlyArray<Panel>,
  { title, description, theme, maximumWidth }: Sheet
): string => {
  const { width, height, body } = placed(panels, maximumWidth - 2 * MARGIN)
  const [w, h] = [Math.ceil(width), Math.ceil(height)]
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: themeClass(theme),
      width: w,
      height: h,
      viewBox: `0 0 ${w} ${h}`,
      role: 'img',
      'aria-label': title,
      'font-family': 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif'
    },
    element('title', {}, escapeMarkup(title)) +
      element('desc', {}, escapeMarkup(description)) +
      element('style', {}, styleSheet(theme)) +
      element('rect', { class: 'paper', width: w, height: h, rx: 6 }) +
      body
  )
}
