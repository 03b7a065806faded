import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, it } from 'vitest'
import {
  aborted,
  definitionThrew,
  degenerate,
  expectation,
  invalidOption,
  notFinite,
  notInvertible,
  notWritable,
  orThrow,
  searchLimit,
  shapeMismatch,
  showError,
  type Tagged,
  tagged,
  tooFewRows,
  tooLarge,
  unknownName
} from '../src/index.js'

const cases: ReadonlyArray<readonly [Tagged, string, RegExp]> = [
  [
    invalidOption('train', 'steps', -1, '1 or more'),
    'InvalidOption',
    /^train: steps is -1, expected 1 or more$/
  ],
  [
    shapeMismatch('mcc', 'zHat', '[3, 2]', '4 rows'),
    'ShapeMismatch',
    /^mcc: zHat is \[3, 2\], expected 4 rows$/
  ],
  [
    degenerate('codes', 'column 2', 'constant', 'one that varies'),
    'Degenerate',
    /column 2 is constant, expected/
  ],
  [
    notInvertible('affine', 'A', 'singular', 'an invertible matrix'),
    'NotInvertible',
    /A is singular, expected an/
  ],
  [
    notFinite('codes', 'h', NaN, { row: 3, frame: 1, column: 2 }),
    'NotFinite',
    /h is NaN at row 3, frame 1, column 2 \(counted from 0\)/
  ],
  [notFinite('codes', 'h', Infinity), 'NotFinite', /^codes: h is Infinity, expected finite numbers$/],
  [tooFewRows('unmix', 1, 512), 'TooFewRows', /^unmix: 1 row, at least 512 are needed$/],
  [definitionThrew('kernel', new Error('no z')), 'DefinitionThrew', /the definition threw "no z"/],
  [unknownName('problem', 'X', ['A', 'B']), 'UnknownName', /there is no "X", expected one of A, B$/],
  [
    tooLarge('read', 'its size in bytes', 5e9, 2e9, 'read it in chunks'),
    'TooLarge',
    /5,000,000,000, expected at most 2,000,000,000; read it in chunks$/
  ],
  [searchLimit('design', 'the cover', 1000), 'SearchLimit', /not decided within 1,000 steps/],
  [aborted('simulate'), 'Aborted', /^simulate: stopped by its signal/],
  [notWritable('/x', new Error('EACCES')), 'NotWritable', /^\/x: cannot be written \(EACCES\)/]
]

describe('errors', () => {
  it.each(cases)('%o', (error, tag, words) => {
    expect(error._tag).toBe(tag)
    expect(error.message).toMatch(words)
    expect(showError.show(error)).toBe(error.message)
  })

  it('are plain data', () => {
    for (const [error] of cases) {
      const { value: _, ...rest } = JSON.parse(JSON.stringify(error))
      expect(error).toMatchObject(rest)
      expect(Object.getPrototypeOf(error)).toBe(Object.prototype)
    }
  })

  it('of a package’s own keep tag and message, whatever their fields', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), fc.string(), (fields, words) => {
        const error = tagged('Mine', fields, words)
        expect(error._tag).toBe('Mine')
        expect(error.message).toBe(words)
      })
    )
    expect(expectation('Mine')('f', 'x', 1, '2')).toMatchObject({
      _tag: 'Mine',
      message: 'f: x is 1, expected 2'
    })
  })
})

describe('orThrow', () => {
  const wrong = invalidOption('f', 'n', 0, '1 or more')

  it('gives the value of an Either', () => {
    expect(orThrow(E.right(7))).toBe(7)
    expect(orThrow(E.right(() => 7))()).toBe(7)
  })

  it('starts a TaskEither and promises its value', async () => {
    let started = 0
    const task: TE.TaskEither<Tagged, number> = async () => {
      started += 1
      return E.right(7)
    }
    expect(started).toBe(0)
    expect(await orThrow(task)).toBe(7)
    expect(started).toBe(1)
  })

  it('throws an Error with the message and the error as its cause', async () => {
    const thrown = (() => {
      try {
        return orThrow(E.left(wrong))
      } catch (error) {
        return error
      }
    })()
    expect(thrown).toBeInstanceOf(Error)
    expect(thrown).toMatchObject({ message: wrong.message, cause: wrong })
    await expect(orThrow(TE.left(wrong))).rejects.toMatchObject({ message: wrong.message, cause: wrong })
  })
})
