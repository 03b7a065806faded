/** Products of Chebyshev polynomials up to a total degree, on centred and scaled coordinates. */
import type { Region, ScalarFunctions } from './dictionary.js'

/** Exponents of all monomials of d variables up to a total degree, by degree. */
export const exponents = (latents: number, degree: number): number[][] => {
  const ofDegree = (d: number, total: number): number[][] =>
    d === 1
      ? [[total]]
      : Array.from({ length: total + 1 }, (_, k) => total - k).flatMap((first) =>
          ofDegree(d - 1, total - first).map((rest) => [first, ...rest])
        )
  return Array.from({ length: degree + 1 }, (_, total) => ofDegree(latents, total)).flat()
}

/** `z_0^2 z_1`, or `1`. */
export const monomialName = (powers: ReadonlyArray<number>): string => {
  const factors = powers.flatMap((p, j) => (p === 0 ? [] : [p === 1 ? `z_${j}` : `z_${j}^${p}`]))
  return factors.length === 0 ? '1' : factors.join(' ')
}

/** Each product is a shorter one times T_k of its last variable. */
interface Recipe {
  readonly parent: Int32Array
  readonly variable: Int32Array
  readonly order: Int32Array
}

const recipe = (indices: ReadonlyArray<ReadonlyArray<number>>): Recipe => {
  const place = new Map(indices.map((powers, f) => [powers.join(), f]))
  const variable = Int32Array.from(indices, (powers) => powers.findLastIndex((p) => p > 0))
  return {
    variable,
    order: Int32Array.from(indices, (powers, f) => (variable[f] < 0 ? 0 : powers[variable[f]])),
    parent: Int32Array.from(
      indices,
      (powers, f) => place.get(powers.map((p, j) => (j === variable[f] ? 0 : p)).join()) ?? 0
    )
  }
}

/** T_k(u_j) at `table[j · (p + 1) + k]`, and slopes in u alike. */
const fillTables = (
  u: Float64Array,
  degree: number,
  table: Float64Array,
  slopes: Float64Array | undefined
): void => {
  for (let j = 0; j < u.length; j++) {
    const at = j * (degree + 1)
    const x = u[j]
    table[at] = 1
    if (degree > 0) table[at + 1] = x
    for (let k = 2; k <= degree; k++) table[at + k] = 2 * x * table[at + k - 1] - table[at + k - 2]
    if (slopes === undefined) continue
    slopes[at] = 0
    if (degree > 0) slopes[at + 1] = 1
    for (let k = 2; k <= degree; k++)
      slopes[at + k] = 2 * (table[at + k - 1] + x * slopes[at + k - 1]) - slopes[at + k - 2]
  }
}

/** Coefficients of T_k((z − c)/h) over powers of z, for k = 0 … degree. */
const powersOf = (centre: number, halfWidth: number, degree: number): number[][] => {
  const timesU = (p: ReadonlyArray<number>): number[] =>
    Array.from({ length: degree + 1 }, (_, m) => ((p[m - 1] ?? 0) - centre * (p[m] ?? 0)) / halfWidth)
  const rows: number[][] = [Array.from({ length: degree + 1 }, (_, m) => (m === 0 ? 1 : 0))]
  if (degree > 0) rows.push(timesU(rows[0]))
  for (let k = 2; k <= degree; k++) rows.push(timesU(rows[k - 1]).map((x, m) => 2 * x - rows[k - 2][m]))
  return rows
}

/** Coefficients over products of Chebyshev polynomials to coefficients over monomials in z. */
const overMonomials = (
  indices: ReadonlyArray<ReadonlyArray<number>>,
  { centre, halfWidth }: Region,
  degree: number
): ((coefficients: Float64Array) => Float64Array) => {
  const place = new Map(indices.map((powers, f) => [powers.join(), f]))
  const single = Array.from(centre, (c, j) => powersOf(c, halfWidth[j], degree))
  return (coefficients) => {
    const out = new Float64Array(indices.length)
    const spread = (powers: ReadonlyArray<number>, j: number, below: number[], weight: number): void => {
      if (weight === 0) return
      if (j === powers.length) {
        out[place.get(below.join()) ?? 0] += weight
        return
      }
      for (let m = 0; m <= powers[j]; m++)
        spread(powers, j + 1, [...below, m], weight * single[j][powers[j]][m])
    }
    indices.forEach((powers, f) => {
      spread(powers, 0, [], coefficients[f])
    })
    return out
  }
}

/** All products T_{α_1}(u_1) … T_{α_d}(u_d) of total degree at most `degree`, u = (z − centre) / half-width. */
export const chebyshevProducts = (region: Region, degree: number): ScalarFunctions => {
  const { latents: d, centre, halfWidth } = region
  const indices = exponents(d, degree)
  const n = indices.length
  const { parent, variable, order } = recipe(indices)
  const width = degree + 1
  const scaleInto = (points: Float64Array, s: number, u: Float64Array): void => {
    for (let j = 0; j < d; j++) u[j] = (points[s * d + j] - centre[j]) / halfWidth[j]
  }

  const values = (points: Float64Array, rows: number): Float64Array => {
    const out = new Float64Array(rows * n)
    const [u, table] = [new Float64Array(d), new Float64Array(d * width)]
    for (let s = 0; s < rows; s++) {
      scaleInto(points, s, u)
      fillTables(u, degree, table, undefined)
      const at = s * n
      out[at] = 1
      for (let f = 1; f < n; f++) out[at + f] = out[at + parent[f]] * table[variable[f] * width + order[f]]
    }
    return out
  }

  const gradients = (points: Float64Array, rows: number): Float64Array => {
    const out = new Float64Array(rows * n * d)
    const [u, table, slopes, products] = [d, d * width, d * width, n].map((size) => new Float64Array(size))
    products[0] = 1
    for (let s = 0; s < rows; s++) {
      scaleInto(points, s, u)
      fillTables(u, degree, table, slopes)
      const at = s * n * d
      for (let f = 1; f < n; f++) {
        const [j, from] = [variable[f], at + parent[f] * d]
        const factor = table[j * width + order[f]]
        products[f] = products[parent[f]] * factor
        for (let i = 0; i < d; i++) out[at + f * d + i] = out[from + i] * factor
        out[at + f * d + j] += (products[parent[f]] * slopes[j * width + order[f]]) / halfWidth[j]
      }
    }
    return out
  }

  const names = indices.map(monomialName)
  const reach = halfWidth.map((h, j) => h + Math.abs(centre[j]))
  const sizes = Float64Array.from(indices, (powers) =>
    powers.reduce((product, p, j) => product * reach[j] ** p, 1)
  )
  return { count: n, values, gradients, names, named: overMonomials(indices, region, degree), sizes }
}
