/** Text that others wrote (names of columns, of files), made harmless for terminals, HTML and SVG. */

/** What XML 1.0 forbids or a terminal obeys, but for tab and line ends; C1 is U+0080 to U+009F. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]/gu

/** What makes text run from right to left, and so would change the order of what stands around it. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu

/** Half a character. */
const SURROGATES = /\p{Surrogate}/gu

const LINE_ENDS = /[\t\n\r\u2028\u2029]/gu

const NAMED: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' }

const spelled = (character: string): string =>
  NAMED[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

const withoutControls = (text: string): string =>
  text.replace(CONTROLS, spelled).replace(DIRECTIONS, spelled).replace(SURROGATES, spelled)

/**
 * One line, with every character that is not printed spelled out: control characters, line ends, marks of direction and
 * half characters become `\n` or `\u001b`. All other text stays as it is.
 *
 * Use it for names in a terminal or in a sentence; as keys keep the names themselves.
 *
 * @example
 * printable('speed\u001b[2J') // 'speed\\u001b[2J'
 */
export const printable = (text: string): string => withoutControls(text).replace(LINE_ENDS, spelled)

/**
 * Several lines for a terminal: as `printable`, but tabs and line feeds stay.
 *
 * @example
 * printableLines('a\u0007\nb') // 'a\\u0007\nb'
 */
export const printableLines = (text: string): string =>
  withoutControls(text).replace(/[\r\u2028\u2029]/gu, spelled)

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
}

/**
 * Text as text in HTML, SVG and XML, between tags and within quoted attributes. Characters that XML forbids, and marks of
 * direction, are spelled out as by `printable`; line ends and tabs stay.
 *
 * @example
 * escapeMarkup('<script>') // '&lt;script&gt;'
 */
export const escapeMarkup = (text: string): string =>
  withoutControls(text).replace(/[&<>"']/g, (character) => ENTITIES[character])

/**
 * Makes a function that writes elements of SVG, HTML or XML: their name, attributes, and `inner`, which is markup already.
 * `show` writes the numbers among attributes; texts are escaped.
 *
 * @example
 * markupElement(String)('circle', { r: 4 }) // '<circle r="4"/>'
 */
export const markupElement =
  (show: (value: number) => string) =>
  (name: string, attributes: Readonly<Record<string, string | number>>, inner = ''): string => {
    const written = Object.entries(attributes).map(
      ([attribute, value]) =>
        ` ${attribute}="${typeof value === 'number' ? show(value) : escapeMarkup(value)}"`
    )
    const opening = `<${name}${written.join('')}`
    return inner === '' ? `${opening}/>` : `${opening}>${inner}</${name}>`
  }
