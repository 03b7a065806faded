import { describe, expect, it } from 'vitest'
import { type Block, message, type ReportDocument, renderDocument, type Section } from '../src/index.js'

const section = (id: string, ...blocks: Block[]): Section => ({ id, heading: `About ${id}`, blocks })
const documentOf = (sections: Section[], opening: Block[] = []): ReportDocument => ({
  title: 'Graphs & <more>',
  opening,
  chapters: [{ id: 'first', heading: 'First', sections }]
})
const html = (content: ReportDocument): string => {
  const result = renderDocument(content)
  if (result._tag === 'Left') throw new Error(message(result.left))
  return result.right
}
const complaint = (content: ReportDocument): string => {
  const result = renderDocument(content)
  return result._tag === 'Left' ? message(result.left) : 'fine'
}
const table = (...rows: (Block & { kind: 'table' })['rows'][number][]): Block => ({
  kind: 'table',
  head: ['a', 'b'],
  rows
})

describe('a document', () => {
  it('is one file without scripts or links outside, with text as text', () => {
    const text = html(documentOf([section('one', { kind: 'text', text: '<script>alert(1)</script>' })]))
    expect(text).toMatch(/^<!doctype html>/)
    expect(text).toContain('<h1>Graphs &amp; &lt;more&gt;</h1>')
    expect(text).toContain('&lt;script&gt;')
    expect(text).not.toMatch(/<script|<link|src=|href="(?!#)/)
  })

  it('lists every section and leads to it', () => {
    const text = html(documentOf([section('one'), section('two')]))
    for (const id of ['first', 'one', 'two']) {
      expect(text).toContain(`href="#${id}"`)
      expect(text.split(`id="${id}"`)).toHaveLength(2)
    }
  })

  it('shows every kind of block', () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title></svg>'
    const blocks: Block[] = [
      { kind: 'heading', text: 'Why' },
      { kind: 'list', items: ['one', 'two'] },
      table(['x', '1'], ['y', { text: '2.5', tone: 'good', section: 'one' }]),
      { kind: 'pictures', svgs: [svg] },
      { kind: 'verbatim', text: 'z = a\n  + b' },
      { kind: 'folded', summary: 'More', blocks: [{ kind: 'text', text: 'inside' }] }
    ]
    const text = html(
      documentOf([{ ...section('one', ...blocks), badge: { text: 'identified', tone: 'good' } }])
    )
    expect(text).toContain('<h4>Why</h4>')
    expect(text).toContain('<li>two</li>')
    expect(text).toContain(
      '<td>y</td><td class="number"><a href="#one"><span class="tone good">2.5</span></a></td>'
    )
    expect(text).toContain(`<figure>${svg}</figure>`)
    expect(text).toContain('<pre>z = a\n  + b</pre>')
    expect(text).toContain('<summary>More</summary><p>inside</p>')
    expect(text).toContain('<span class="badge good">identified</span>')
  })

  it.each([
    ['the id "one": expected an id that no other', documentOf([section('one'), section('one')])],
    ['the id "a b": expected a letter', documentOf([section('a b')])],
    [
      'a table of one: expected 2 cells a row, as the head has, found 1',
      documentOf([section('one', table(['x']))])
    ],
    [
      'the id "two": expected the id of a section',
      documentOf([section('one')], [table(['x', { text: 'y', section: 'two' }])])
    ],
    [
      'a picture of one: expected an <svg> element, found <img>',
      documentOf([
        section('one', { kind: 'folded', summary: '', blocks: [{ kind: 'pictures', svgs: ['<img>'] }] })
      ])
    ]
  ])('refuses: %s', (words, content) => {
    expect(complaint(content)).toContain(words)
  })
})
