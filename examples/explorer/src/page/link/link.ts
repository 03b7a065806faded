/** The state as the part of an address behind #, and back. A link holds what its view shows, and nothing else. */
import { problemNames } from '@mechid/mechanisms'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { kindCalled, library } from '../known/library.js'
import {
  engineChoices,
  type KernelChoice,
  type KnownChoice,
  type State,
  type TrainingChoice,
  type View,
  views
} from '../state/state.js'
import { oneOf, onlyNames, type Read, refuse, wholeIn } from './fault.js'
import type { Gallery } from './gallery.js'
import { readGraph, writeGraph } from './graph-link.js'

/** Longer kernels are no part of a link. */
const LONGEST_SOURCE = 6000
const MOST_KNOWN = 4

/** What the numbers of a training may be. */
export const trainingBounds = {
  latents: { least: 2, most: 8 },
  features: { least: 2, most: 40 },
  rows: { least: 500, most: 100_000 },
  steps: { least: 10, most: 20_000 },
  seed: { least: 0, most: 1_000_000 }
} as const

const trainingNumbers = Object.keys(trainingBounds) as (keyof typeof trainingBounds)[]

const kernelParts = (kernel: KernelChoice): Record<string, string> =>
  kernel._tag === 'Entry'
    ? { entry: kernel.entry }
    : kernel.source.length > LONGEST_SOURCE
      ? {}
      : { source: kernel.source }

/** The address of a state, without the #. */
export const linkOf = (state: State): string => {
  const { view, graph, kernel, known, training } = state
  const link = new URLSearchParams({ view })
  const put = (parts: Readonly<Record<string, string>>): void => {
    for (const [name, value] of Object.entries(parts)) link.append(name, value)
  }
  if (view === 'graph') put(writeGraph(graph))
  if (view === 'kernel') put(kernelParts(kernel))
  if (view === 'known') for (const { kind, fields } of known) put({ known: [kind, ...fields].join('|') })
  if (view === 'training' && training.data === 'simulated') {
    const { problem, edges, engine } = training
    put({ problem, edges, engine })
    for (const name of trainingNumbers) put({ [name]: String(training[name]) })
  }
  return link.toString()
}

const readKernel = (link: URLSearchParams, gallery: Gallery, before: KernelChoice): Read<KernelChoice> =>
  pipe(
    onlyNames(link, ['entry', 'source']),
    E.flatMap((): Read<KernelChoice> => {
      const [entry, source] = [link.get('entry'), link.get('source')]
      if (entry !== null) {
        const found = gallery(entry)
        return found?.kernel === undefined
          ? refuse(`there is no kernel "${entry.slice(0, 40)}" in the gallery`)
          : E.right({ ...before, _tag: 'Entry', entry })
      }
      if (source === null) return E.right(before)
      return source.length > LONGEST_SOURCE
        ? refuse(`its kernel has ${source.length} characters; ${LONGEST_SOURCE} at most are read`)
        : E.right({ _tag: 'Written', source, foreign: true })
    })
  )

const readOneKnown = (text: string): Read<KnownChoice> => {
  const [kind, ...fields] = text.split('|')
  const found = kindCalled(kind)
  if (found === undefined)
    return refuse(
      `there is no mechanism "${kind.slice(0, 40)}"; known are ${library.map((one) => one.kind).join(', ')}`
    )
  return fields.length === found.fields.length
    ? E.right({ kind, fields })
    : refuse(`${kind} has ${fields.length} fields; it takes ${found.fields.length}`)
}

const readKnown = (
  link: URLSearchParams,
  before: ReadonlyArray<KnownChoice>
): Read<ReadonlyArray<KnownChoice>> => {
  const texts = link.getAll('known')
  return pipe(
    onlyNames(link, ['known']),
    E.flatMap(() =>
      texts.length > MOST_KNOWN
        ? refuse(`it has ${texts.length} mechanisms; ${MOST_KNOWN} at most are read`)
        : texts.length === 0
          ? E.right(before)
          : E.traverseArray(readOneKnown)(texts)
    )
  )
}

const readTraining = (link: URLSearchParams, before: TrainingChoice): Read<TrainingChoice> => {
  const whole = (name: (typeof trainingNumbers)[number]): Read<number> =>
    wholeIn(link, name, { ...trainingBounds[name], fallback: before[name] })
  return pipe(
    onlyNames(link, ['problem', 'edges', 'engine', ...trainingNumbers]),
    E.bind('problem', () => oneOf(link, 'problem', problemNames, before.problem)),
    E.bind('edges', () => oneOf(link, 'edges', ['known', 'unknown'] as const, before.edges)),
    E.bind('engine', () => oneOf(link, 'engine', engineChoices, before.engine)),
    E.bind('latents', () => whole('latents')),
    E.bind('features', () => whole('features')),
    E.bind('rows', () => whole('rows')),
    E.bind('steps', () => whole('steps')),
    E.bind('seed', () => whole('seed')),
    E.map(({ problem, edges, engine, latents, features, rows, steps, seed }) => ({
      ...{ problem, edges, engine, latents, features, rows, steps, seed },
      data: 'simulated' as const
    }))
  )
}

const readView = (link: URLSearchParams, view: View, gallery: Gallery, before: State): Read<State> => {
  // The bare name of a view is a link to it.
  if ([...link.keys()].length === 1) return E.right({ ...before, view })
  switch (view) {
    case 'graph':
      return E.map((graph: State['graph']): State => ({ ...before, view, graph }))(readGraph(link, gallery))
    case 'kernel':
      return E.map((kernel: KernelChoice): State => ({ ...before, view, kernel }))(
        readKernel(link, gallery, before.kernel)
      )
    case 'known':
      return E.map((known: ReadonlyArray<KnownChoice>): State => ({ ...before, view, known }))(
        readKnown(link, before.known)
      )
    case 'training':
      return E.map((training: TrainingChoice): State => ({ ...before, view, training }))(
        readTraining(link, before.training)
      )
  }
}

/**
 * The state that a link says; what it does not say stays as it is. An empty link says nothing.
 *
 * Errors: a `LinkFault`: which part is wrong, and what would be right.
 */
export const readLink = (text: string, gallery: Gallery, before: State): Read<State> => {
  const hash = text.replace(/^#/, '')
  if (hash === '') return E.right(before)
  const link = new URLSearchParams(hash)
  if (!link.has('view')) return refuse(`it must begin with view=, one of ${views.join(', ')}`)
  return pipe(
    oneOf(link, 'view', views, before.view),
    E.flatMap((view) => readView(link, view, gallery, before))
  )
}
