import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeMarkup, markupElement, printable, printableLines } from '../src/index.js'

/** Any text, weighted towards what breaks terminals and pages. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"',
        "'",
        '&amp;',
        '\u001b[2J',
        '\u009b31m',
        '\u202e',
        '\u200f',
        '\n',
        '\r',
        '\t',
        '\u2028',
        '\u0000',
        '\ud800',
        '😀',
        'שלום',
        ']]>',
        '-->'
      )
    )
    .map((parts) => parts.join(''))
)

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be left
const COMMANDS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/

const unescaped = (markup: string): string =>
  markup
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')

describe('text of others', () => {
  it('reaches a terminal without commands, on one line', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = printable(text)
        expect(shown).not.toMatch(COMMANDS)
        expect(shown).not.toMatch(/[\t\n\r\u2028\u2029]|\p{Surrogate}/u)
        expect(printable(shown)).toBe(shown)
      })
    )
  })

  it('keeps line feeds and tabs where several lines are meant, and nothing else', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = printableLines(text)
        expect(shown).not.toMatch(COMMANDS)
        expect(shown.split('\n')).toHaveLength(text.split('\n').length)
      })
    )
  })

  it('is text in HTML and XML, and can be read back', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const markup = escapeMarkup(text)
        expect(markup).not.toMatch(/[<>"']/)
        expect(markup).not.toMatch(/&(?!(?:amp|lt|gt|quot|#39);)/)
        expect(markup).not.toMatch(/[\ufffe\uffff]|\p{Surrogate}/u)
        expect(printable(unescaped(markup))).toBe(printable(text))
      })
    )
  })

  it.each([
    ['speed\u001b[2J', 'speed\\u001b[2J'],
    ['a\nb', 'a\\nb'],
    ['\u202eabc', '\\u202eabc'],
    ['\ud83d', '\\ud83d'],
    ['größe 😀 שלום', 'größe 😀 שלום']
  ])('spells out what is not printed: %j', (text, shown) => expect(printable(text)).toBe(shown))
})

describe('markupElement', () => {
  const element = markupElement((value) => value.toFixed(1))

  it('writes attributes, numbers as it is told, and what is within', () => {
    expect(element('circle', { r: 4, class: 'a' })).toBe('<circle r="4.0" class="a"/>')
    expect(element('g', {}, '<path/>')).toBe('<g><path/></g>')
  })

  it('lets no attribute end early', () => {
    expect(element('text', { title: '"><script>' })).toBe('<text title="&quot;&gt;&lt;script&gt;"/>')
  })
})
