/** Vector fields as pictures: arrows on a grid and pieces of flow lines, in the plane in which most happens. */
import { evaluateFields, type VectorFields } from '@mechid/algebra'
import type { FlowPicture } from '../questions/protocol.js'

export interface Box {
  readonly centre: ReadonlyArray<number>
  readonly halfWidth: ReadonlyArray<number>
}

/** One field: a point to a direction. */
type Field = (point: Float64Array) => Float64Array

/** Arrows along each axis. */
const GRID = 9
/** Steps of a flow line, to either side. */
const STEPS = 24
/** Flow lines start on a grid of this many points along each axis. */
const SEEDS = 4

export const singleField = (fields: VectorFields, k: number): Field => {
  const wide = fields.coefficients.length / fields.dimension
  const one = {
    ...fields,
    dimension: 1,
    coefficients: fields.coefficients.subarray(k * wide, (k + 1) * wide)
  }
  return (point) => evaluateFields(one, point)
}

/** Evenly from low to high. */
const spread = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => low + ((i + 0.5) / count) * (high - low))

/** How much each latent is moved, and how much its motion depends on each latent, in units of the box. */
const activity = (field: Field, { centre, halfWidth }: Box): number[] => {
  const d = centre.length
  const score = new Array<number>(d).fill(0)
  const middle = field(Float64Array.from(centre))
  for (let j = 0; j < d; j++)
    for (const side of [-0.7, 0.7]) {
      const point = Float64Array.from(centre)
      point[j] += side * halfWidth[j]
      field(point).forEach((x, i) => {
        score[i] += Math.abs(x) / halfWidth[i]
        score[j] += Math.abs(x - middle[i]) / halfWidth[i]
      })
    }
  return score
}

/** The two latents, ascending, that take part the most; of one latent that one. */
export const planeOf = (field: Field, box: Box): number[] => {
  const score = activity(field, box)
  return score
    .map((size, i) => ({ size, i }))
    .sort((a, b) => b.size - a.size || a.i - b.i)
    .slice(0, 2)
    .map(({ i }) => i)
    .sort((a, b) => a - b)
}

/** The field within a plane, with both axes from −1 to 1. */
const within =
  (field: Field, { centre, halfWidth }: Box, axes: ReadonlyArray<number>) =>
  (place: readonly number[]): number[] => {
    const point = Float64Array.from(centre)
    axes.forEach((axis, n) => {
      point[axis] += place[n] * halfWidth[axis]
    })
    const direction = field(point)
    return axes.map((axis) => direction[axis] / halfWidth[axis])
  }

type PlaneField = (place: readonly number[]) => number[]

const length = (direction: readonly number[]): number => Math.hypot(...direction)

/** A line through a place, to both sides, by the midpoint rule with steps of one length; it ends outside the box. */
const lineThrough = (field: PlaneField, start: readonly [number, number]): (readonly [number, number])[] => {
  const along = (sign: 1 | -1): (readonly [number, number])[] => {
    const points: (readonly [number, number])[] = []
    let place = start
    for (let step = 0; step < STEPS; step++) {
      const move = (
        from: readonly number[],
        by: readonly number[],
        size: number
      ): readonly [number, number] => {
        const scale = (sign * size) / Math.max(length(by), 1e-12)
        return [from[0] + scale * by[0], from[1] + scale * by[1]]
      }
      const first = field(place)
      if (length(first) < 1e-9) break
      place = move(place, field(move(place, first, 0.02)), 0.04)
      if (Math.max(Math.abs(place[0]), Math.abs(place[1])) > 1) break
      points.push(place)
    }
    return points
  }
  return [...along(-1).reverse(), start, ...along(1)]
}

/** The picture of one field over a box. Lengths of arrows are relative to the longest. */
export const flowPicture = (field: Field, text: ReadonlyArray<string>, box: Box): FlowPicture => {
  const axes = planeOf(field, box)
  const plane = within(field, box, axes)
  const at = spread(-1, 1, GRID)
  const places = axes.length === 1 ? at.map((x) => [x]) : at.flatMap((y) => at.map((x) => [x, y]))
  const directions = places.map(plane)
  const longest = Math.max(...directions.map(length), 1e-12)
  const seeds = spread(-1, 1, SEEDS)
  return {
    text,
    axes,
    ranges: axes.map((axis) => [
      box.centre[axis] - box.halfWidth[axis],
      box.centre[axis] + box.halfWidth[axis]
    ]),
    arrows: places.map((place, n) => ({ at: place, by: directions[n].map((x) => x / longest) })),
    lines:
      axes.length === 1
        ? []
        : seeds.flatMap((y) => seeds.map((x) => lineThrough(plane, [x, y])).filter((line) => line.length > 2))
  }
}
