import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { orThrow } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, describe, expect, it } from 'vitest'
import { readTable, type TableOptions } from '../src/index.js'

const folder = mkdtempSync(join(tmpdir(), 'mechid-table-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const written = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const numbers = async (name: string, content: string | Uint8Array, options: TableOptions = {}) => {
  const { columns } = await orThrow(readTable(written(name, content), options))
  return Object.fromEntries(
    [...columns].map(([column, read]) => [
      column,
      read._tag === 'Numbers'
        ? [...read.values]
        : Array.from(read.levels?.codes ?? [], (code) => read.levels?.labels[code])
    ])
  )
}

describe('readTable', () => {
  it.each([
    ['comma.csv', 'a,b\n1.5,2\n3,-4e2\n'],
    ['semicolon.csv', 'a;b\n1.5;2\n3;-4e2\n'],
    ['decimal-comma.csv', 'a;b\n1,5;2\n3;-4e2\n'],
    ['tab.TSV', 'a\tb\r\n1.5\t2\r\n3\t-4e2\r\n'],
    ['decimal-comma.tsv', 'a\tb\n1,5\t2\n3\t-4e2'],
    ['bar.txt', 'a|b\n1.5|2\n3|-4e2\n'],
    ['mark.csv', '\uFEFFa,b\n1.5,2\n\n3,-4e2\n'],
    ['quoted.csv', '"a","b"\n"1.5","2"\n3,-4e2\n'],
    ['packed.csv.gz', gzipSync('a;b\n1,5;2\n3;-4e2\n')],
    ['packed-but-not-called-so.csv', gzipSync('a,b\n1.5,2\n3,-4e2\n')]
  ])('reads %s', async (name, content) => {
    expect(await numbers(name, content)).toEqual({ a: [1.5, 3], b: [2, -400] })
  })

  it('keeps text as labels, and reads what is asked for alone', async () => {
    const content = 'x,cell,note\n1,wild,"a, b"\n2,knock-out,\n3,wild,oops\n'
    expect(await numbers('text.csv', content, { columns: (name) => name !== 'note' })).toEqual({
      x: [1, 2, 3],
      cell: ['wild', 'knock-out', 'wild']
    })
  })

  it('tells empty cells and NaN alike, by the first line', async () => {
    const { columns } = await orThrow(readTable(written('holes.csv', 'a,b,c\n1,2,3\n4,,nan\n5,6,\n')))
    expect(['a', 'b', 'c'].map((name) => columns.get(name))).toMatchObject([
      { _tag: 'Numbers' },
      { _tag: 'Numbers', firstMissing: 3 },
      { _tag: 'Numbers', firstMissing: 3 }
    ])
    expect(columns.get('a')).not.toHaveProperty('firstMissing')
  })

  it('does not take a long column of numbers with one slip for labels', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) => String(i / 7))
    rows[15_000] = '12.5°'
    const { columns } = await orThrow(readTable(written('slip.csv', `a\n${rows.join('\n')}\n`)))
    const column = columns.get('a')
    expect(column).toMatchObject({
      _tag: 'Text',
      firstText: { line: 15_002, text: '12.5°' },
      numbers: 19_999
    })
    expect(column).not.toHaveProperty('levels')
  })

  it.each([
    ['nothing.csv', '', 'EmptyFile'],
    ['header.csv', 'a,b\n', 'EmptyFile'],
    ['numbers.csv', '1,2\n3,4\n', 'BadHeader'],
    ['twice.csv', 'a,a\n3,4\n', 'BadHeader'],
    ['ragged.csv', 'a,b\n3,4\n5\n', 'RaggedRow'],
    ['quote.csv', 'a,b\n"3,4\n5,6\n', 'BadHeader'],
    ['cut.csv.gz', gzipSync('a,b\n1,2\n'.repeat(1)).subarray(0, 20), 'Corrupt']
  ])('refuses %s', async (name, content, tag) => {
    const read = await readTable(written(name, content))()
    expect(E.isLeft(read) ? read.left._tag : read).toBe(tag)
  })

  it('stops where memory would not hold what a packed table unpacks to', async () => {
    const content = gzipSync(`a\n${'0\n'.repeat(200_000)}`)
    expect(content.length).toBeLessThan(2000)
    const read = await readTable(written('bomb.csv.gz', content), { memoryLimit: 1_000_000 })()
    expect(read).toMatchObject({ left: { _tag: 'TooLarge' } })
  })
})
