import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { type Block, type ReportDocument, renderDocument, type Section } from '../src/index.js'

const section = (id: string, ...blocks: Block[]): Section => ({ id, heading: `About ${id}`, blocks })
const documentOf = (sections: Section[], opening: Block[] = []): ReportDocument => ({
  title: 'Graphs & <more>',
  opening,
  chapters: [{ id: 'first', heading: 'First', sections }]
})
const html = (content: ReportDocument): string => orThrow(renderDocument(content))
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
    expect(text).toContain(`<figure tabindex="0">${svg}</figure>`)
    expect(text).toContain('<pre>z = a\n  + b</pre>')
    expect(text).toContain('<summary>More</summary><p>inside</p>')
    expect(text).toContain('<span class="badge good">identified</span>')
  })

  it.each([
    [
      'WrongId',
      'renderDocument: an id is "one", expected an id that no other section has',
      documentOf([section('one'), section('one')])
    ],
    [
      'WrongId',
      'renderDocument: an id is "a b", expected a letter, then letters, digits and hyphens',
      documentOf([section('a b')])
    ],
    [
      'ShapeMismatch',
      'a table of one: the number of cells of a row is 1, expected 2, as the head has',
      documentOf([section('one', table(['x']))])
    ],
    [
      'WrongId',
      'a table of Graphs & <more>: the section that a cell links to is "two", expected the id of a section of this document',
      documentOf([section('one')], [table(['x', { text: 'y', section: 'two' }])])
    ],
    [
      'InvalidOption',
      'a picture of one: its beginning is "<img>", expected an <svg> element',
      documentOf([
        section('one', { kind: 'folded', summary: '', blocks: [{ kind: 'pictures', svgs: ['<img>'] }] })
      ])
    ]
  ])('refuses, as %s: %s', (_tag, message, content) => {
    expect(renderDocument(content)).toMatchObject({ _tag: 'Left', left: { _tag, message } })
  })
})
