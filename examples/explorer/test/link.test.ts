import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { gallery, galleryGroups } from '../src/page/link/gallery.js'
import { linkOf, readLink } from '../src/page/link/link.js'
import { initialState } from '../src/page/state/initial.js'
import { reduce } from '../src/page/state/reducer.js'
import { choiceOf, type State } from '../src/page/state/state.js'

const read = (link: string): State => {
  const found = readLink(`#${link}`, gallery, initialState)
  if (E.isLeft(found)) throw new Error(found.left.message)
  return found.right
}

const fault = (link: string): string => {
  const found = readLink(link, gallery, initialState)
  return E.isLeft(found) ? found.left.message : 'it was read'
}

describe('a link', () => {
  it('leads back to each graph of the gallery, named or changed', () => {
    for (const { entries } of galleryGroups())
      for (const { id, graph } of entries) {
        const named = reduce(initialState, { type: 'graph', graph, entry: id })
        expect(read(linkOf(named))).toEqual(named)
        const own = { ...named, graph: choiceOf(graph) }
        if (own.graph.latents <= 40 && own.graph.actions <= 40) expect(read(linkOf(own))).toEqual(own)
      }
  })

  it('leads back to a kernel, as one of somebody else', () => {
    const source = 'kernel({ latents: 1, actions: 1, // "&#=%\n location: (F, _, a) => a, scale: 1 })'
    const written: State = {
      ...initialState,
      view: 'kernel',
      kernel: { _tag: 'Written', source, foreign: false }
    }
    expect(read(linkOf(written)).kernel).toEqual({ _tag: 'Written', source, foreign: true })
    const kernel = { ...initialState.kernel, _tag: 'Entry', entry: 'actiondiag' } as const
    expect(read(linkOf({ ...written, kernel })).kernel).toEqual(kernel)
  })

  it('leads back to mechanisms and trainings', () => {
    const known: State = {
      ...initialState,
      view: 'known',
      known: [
        { kind: 'matrix', fields: ['1 2\n0 1/3', ''] },
        { kind: 'translation', fields: ['1, −2'] }
      ]
    }
    expect(read(linkOf(known))).toEqual(known)
    const training = reduce({ ...initialState, view: 'training' }, { type: 'training', change: { seed: 7 } })
    expect(read(linkOf(training))).toEqual(training)
  })

  it('may name a view alone', () => {
    expect(read('view=known')).toEqual({ ...initialState, view: 'known' })
    expect(read('')).toEqual(initialState)
  })

  it.each([
    ['#nonsense', 'it must begin with view=, one of graph, kernel, known, training'],
    ['#view=graf', 'view is "graf"; it must be one of graph, kernel, known, training'],
    ['#view=graph&entry=none', 'there is no entry "none" in the gallery'],
    ['#view=graph&latents=x', 'latents is "x"; it must be a whole number from 1 to 40'],
    ['#view=graph&latents=4000', 'latents is "4000"; it must be a whole number from 1 to 40'],
    ['#view=graph&latents=2&lags=1', 'gz is missing: 2 × 2 entries, four a hexadecimal digit'],
    ['#view=graph&latents=2&lags=1&gz=zz', 'gz has characters that are no hexadecimal digits'],
    ['#view=graph&latents=3&actions=2&ga=1', 'ga has 1 digits; 3 × 2 entries take 2'],
    ['#view=graph&latents=3&ga=1', 'ga is given, but actions is not'],
    [
      '#view=graph&colour=red',
      '"colour" means nothing there; known are entry, latents, lags, actions, gz, ga'
    ],
    ['#view=kernel&entry=nothing', 'there is no kernel "nothing" in the gallery'],
    [`#view=kernel&source=${'a'.repeat(6001)}`, 'its kernel has 6001 characters; 6000 at most are read'],
    ['#view=known&known=rotation|1', 'rotation has 1 fields; it takes 2'],
    ['#view=known&known=spin', /^there is no mechanism "spin"; known are rotation, scaling/],
    ['#view=training&steps=1', 'steps is "1"; it must be a whole number from 10 to 20000'],
    ['#view=training&engine=cuda', 'engine is "cuda"; it must be one of auto, webgpu, wasm']
  ])('that is wrong says where: %s', (link, message) => {
    expect(fault(link)).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
  })
})
