/** A grid file: read, checked, and expanded to jobs with stable names. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { possibleEdges } from '@mechid/estimator'
import {
  findProblem,
  hasRandomGraph,
  leftOut,
  methodCalled,
  runName,
  type Settings,
  suggestion,
  whyNot
} from '@mechid/example-terminal'
import type { Kernel } from '@mechid/mechanisms'
import { reasonOf } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type GridError, gridError } from './errors.js'
import { fields, type Grid } from './fields.js'

/** One training of a sweep. */
export interface Job {
  /** The same for the same settings, in every grid and on every machine. */
  readonly name: string
  readonly settings: Settings
}

export interface Sweep {
  readonly grid: Grid
  /** One at least; no name stands twice. */
  readonly jobs: readonly Job[]
  /** What is left out: one line for each problem and method that do not suit each other. */
  readonly leftOut: readonly string[]
}

const parse = (file: string, text: string): E.Either<GridError, Readonly<Record<string, unknown>>> => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? E.right(value as Readonly<Record<string, unknown>>)
      : E.left(gridError(file, 'is no JSON object such as {"problems": ["ActionDiag"], "seeds": "101..103"}'))
  } catch (thrown) {
    return E.left(gridError(file, `is no JSON (${reasonOf(thrown)})`))
  }
}

/** The grid that a text describes; `file` names it in messages and, without a `name` in it, the sweep. */
export const gridOf = (file: string, text: string): E.Either<GridError, Grid> => {
  const parsed = parse(file, text)
  if (E.isLeft(parsed)) return parsed
  const given: Readonly<Record<string, unknown>> = {
    name: basename(file)
      .replace(/\.[^.]*$/, '')
      .replace(/[^\w-]+/g, '-'),
    ...parsed.right
  }
  const known = Object.keys(fields) as (keyof Grid)[]
  const odd = Object.keys(given).find((name) => !known.includes(name as keyof Grid))
  if (odd !== undefined) {
    const hint = suggestion(odd, known)
    return E.left(gridError(file, `there is no field "${odd}"${hint}; the fields are ${known.join(', ')}`))
  }
  const grid: Record<string, unknown> = {}
  for (const field of known) {
    const { read, fallback } = fields[field]
    if (given[field] === undefined && fallback === undefined) {
      return E.left(gridError(file, `the field "${field}" is missing`))
    }
    const value: E.Either<string, unknown> =
      given[field] === undefined ? E.right(fallback) : read(given[field])
    if (E.isLeft(value)) return E.left(gridError(file, `"${field}" ${value.left}`))
    grid[field] = value.right
  }
  return E.right(grid as unknown as Grid)
}

const product = <A, B>(list: readonly A[], next: (value: A) => readonly B[]): B[] => list.flatMap(next)

/** All combinations; the problem varies slowest, the seed fastest. */
const settingsOf = (grid: Grid): Settings[] =>
  product(grid.problems, (problem) =>
    product(hasRandomGraph(problem) ? grid.edgeProbabilities : [null], (edgeProbability) =>
      product(grid.latents, (latents) =>
        product(grid.rows, (rows) =>
          product(grid.methods, (method) =>
            product(grid.steps, (steps) =>
              // Baselines learn no graph.
              product(methodCalled(method)._tag === 'Preset' ? grid.bounds : [null], (bound) =>
                grid.seeds.map(
                  (seed): Settings => ({
                    problem,
                    method,
                    seed,
                    latents,
                    rows,
                    steps,
                    edgeProbability,
                    bound
                  })
                )
              )
            )
          )
        )
      )
    )
  )

/** The problem of a job. A problem whose graph is not random ignores the probability. */
export const kernelOf = ({
  problem,
  latents,
  edgeProbability,
  seed
}: Settings): E.Either<{ readonly message: string }, Kernel> =>
  findProblem(problem, { latents, edgeProbability: edgeProbability ?? 0.5, seed })

/** What is wrong with a combination, each part of which is sound. */
const complaint = ({ bound, problem, latents }: Settings, { actions, lags }: Kernel): string | undefined => {
  const possible = possibleEdges({ latents, features: 2 * latents, actions, temporal: lags > 0 })
  return typeof bound === 'number' && bound > possible
    ? `"bounds" holds ${bound}, but ${problem} with ${latents} latents has only ${possible} possible edges`
    : undefined
}

const MOST_JOBS = 100_000

const withoutSeed = ({ seed: _, ...rest }: Settings): string => JSON.stringify(rest)

/** The jobs of a grid, or why it has none. */
export const sweepOf = (file: string, grid: Grid): E.Either<GridError, Sweep> => {
  const empty = Object.entries(grid).find(([, values]) => values.length === 0)
  if (empty !== undefined) return E.left(gridError(file, `"${empty[0]}" is empty, so the grid has no jobs`))
  const most = Object.values(grid).reduce(
    (count, values) => count * (Array.isArray(values) ? values.length : 1),
    1
  )
  if (most > MOST_JOBS)
    return E.left(gridError(file, `has ${most} jobs, more than the ${MOST_JOBS} that a sweep may have`))
  const all = settingsOf(grid)
  // Seeds of one combination share its shape.
  const shapes = new Map(all.map((settings) => [withoutSeed(settings), settings]))
  const runs: { readonly kernel: Kernel; readonly settings: Settings }[] = []
  for (const settings of shapes.values()) {
    const kernel = kernelOf(settings)
    if (E.isLeft(kernel)) return E.left(gridError(file, kernel.left.message))
    const wrong = complaint(settings, kernel.right)
    if (wrong !== undefined) return E.left(gridError(file, wrong))
    runs.push({ kernel: kernel.right, settings })
  }
  const unsuited = runs.filter(({ kernel, settings: { method } }) => whyNot(method, kernel) !== undefined)
  const without = new Set(unsuited.map(({ settings }) => withoutSeed(settings)))
  const suited = all.filter((settings) => !without.has(withoutSeed(settings)))
  const lines = leftOut(unsuited)
  return suited.length === 0
    ? E.left(gridError(file, `has no jobs: ${lines.join(' ')}`))
    : E.right({
        grid,
        jobs: suited.map((settings) => ({ name: runName(settings), settings })),
        leftOut: lines
      })
}

/** Reads a grid file. */
export const readSweep = (file: string): E.Either<GridError, Sweep> => {
  const text = E.tryCatch(
    () => readFileSync(file, 'utf8'),
    (thrown) => gridError(file, `cannot be read (${reasonOf(thrown)})`)
  )
  if (E.isLeft(text)) return text
  const grid = gridOf(file, text.right)
  return E.isLeft(grid) ? grid : sweepOf(file, grid.right)
}
