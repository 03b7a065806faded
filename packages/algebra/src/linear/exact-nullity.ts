/**
 * Whether what counts as zero is so in the numbers as they are given. Near a map with a Jordan block and an eigenvalue δ
 * beside it lies one with a larger commutant, at a distance of δ² or less: below rounding, though δ is far above.
 */
import { type Dense, eigenvalues, type RankDecision } from '@mechid/numerics'

/** The largest prime below 2²⁶: products of residues are exact in double precision. */
const P = 67108859
/** Of 2. */
const HALF = (P + 1) / 2

/** x modulo P for 0 ≤ x < 2⁵³: the remainder operator is slow on doubles. */
const reduced = (x: number): number => {
  const rest = x - Math.floor(x / P) * P
  return rest < 0 ? rest + P : rest >= P ? rest - P : rest
}

const powerOf = (base: number, exponent: number): number => {
  let [result, square] = [1, base]
  for (let e = exponent; e > 0; e = Math.floor(e / 2)) {
    if (e % 2 === 1) result = (result * square) % P
    square = (square * square) % P
  }
  return result
}

/** A double is an integer times a power of two: its residue, exactly. */
const residueOf = (x: number): number => {
  if (x === 0) return 0
  // The logarithm may be rounded up: one bit to spare.
  const exponent = Math.floor(Math.log2(Math.abs(x))) - 53
  const half = Math.trunc(exponent / 2)
  const integer = BigInt(x / 2 ** half / 2 ** (exponent - half))
  const residue = (Number(integer % BigInt(P)) + P) % P
  return (residue * powerOf(exponent >= 0 ? 2 : HALF, Math.abs(exponent))) % P
}

/** The rows of A M − M A = 0 in the entries of the first `rows` rows of A, modulo P. */
const equations = ({ data, shape: [n] }: Dense, rows: number): Float64Array[] => {
  const m = Float64Array.from(data, residueOf)
  const found: Float64Array[] = []
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const row = new Float64Array(rows * n)
      for (let l = 0; l < n; l++) {
        if (i < rows) row[i * n + l] = (row[i * n + l] + m[l * n + j]) % P
        if (l < rows) row[l * n + j] = (row[l * n + j] + P - m[i * n + l]) % P
      }
      found.push(row)
    }
  return found
}

/** The rank modulo P: no more than over the rationals, and less for one prime in millions. Spends the rows. */
const rankModulo = (rows: ReadonlyArray<Float64Array>): number => {
  /** By the column of its leading 1. */
  const echelon: Array<Float64Array | undefined> = []
  let rank = 0
  for (const row of rows)
    for (let c = 0; c < row.length; c++) {
      if (row[c] === 0) continue
      const top = echelon[c]
      if (top === undefined) {
        const inverse = powerOf(row[c], P - 2)
        for (let k = c; k < row.length; k++) row[k] = reduced(row[k] * inverse)
        echelon[c] = row
        rank++
        break
      }
      const factor = P - row[c]
      for (let k = c; k < row.length; k++) if (top[k] !== 0) row[k] = reduced(row[k] + factor * top[k])
    }
  return rank
}

/** The dimension of {A : A M = M A for all M} in exact arithmetic; of A whose rows from `rows` on are 0. */
export const exactNullity = (maps: ReadonlyArray<Dense>, rows: number): number => {
  const n = maps[0].shape[0]
  return rows * n - rankModulo(maps.flatMap((m) => equations(m, rows)))
}

const EPSILON = 2 ** -52
/** Entries of so many roundings of the diagonal beside them are what rounding leaves of zeros. */
const ROUNDINGS = 4

/**
 * The maps without such entries, where two latents are coupled both ways: a rotation by π as it is meant. A one-way coupling
 * may be as small as units make it. `scaled`: the same maps in balanced units.
 */
const meant = (given: Dense, scaled: Dense): Dense => {
  const n = given.shape[0]
  const { data } = scaled
  return {
    data: given.data.map((x, e) => {
      const [i, j] = [Math.floor(e / n), e % n]
      const beside = Math.max(Math.abs(data[i * n + i]), Math.abs(data[j * n + j]))
      const isTwoWay = i !== j && data[j * n + i] !== 0
      return isTwoWay && Math.abs(data[e]) <= ROUNDINGS * EPSILON * beside ? 0 : x
    }),
    shape: given.shape
  }
}

/** Eigenvalues nearer than this, relative to their size, may belong to one Jordan block that rounding has spread. */
const NEAR = 1e-2
/** The same for maps that are too large to be asked exactly. */
const NEAR_OF_LARGE = 1e-5

const hasNearbyEigenvalues = (map: Dense, near: number): boolean => {
  const values = eigenvalues(map)
  const rounding = ROUNDINGS * values.length * EPSILON
  return values.some((x, k) =>
    values.slice(0, k).some((y) => {
      const apart = Math.hypot(x.re - y.re, x.im - y.im)
      const size = Math.max(Math.hypot(x.re, x.im), Math.hypot(y.re, y.im))
      return size > rounding && apart > rounding * size && apart < near * size
    })
  )
}

/** Eigenvalues smaller than this, of a map of norm 1, are less exact relative to each other than by rounding of their own. */
const SMALL = 1e-4

const hasSmallEigenvalues = (map: Dense): boolean =>
  eigenvalues(map).some(({ re, im }) => {
    const size = Math.hypot(re, im)
    return size > 0 && size < SMALL
  })

/** Couplings of a map of norm 1 weaker than this make chains of them weaker than rounding. */
const WEAK = 1e-3

const hasWeakCouplings = ({ data, shape: [n] }: Dense): boolean =>
  data.some((x, e) => e % (n + 1) !== 0 && x !== 0 && Math.abs(x) < WEAK)

/** More than a change of units leaves of a zero, which rounds every entry. */
const OF_UNITS = 20 * EPSILON
/** Singular values that count and are smaller than this: equations that hardly tell maps apart. */
const SLIGHT = 0.05

/** Whether what is below rounding may be so without being rounding. */
const isFragile = ({ ladder, nullity }: RankDecision, scaled: ReadonlyArray<Dense>): boolean => {
  const rank = ladder.length - nullity
  return (
    ladder[rank] > OF_UNITS ||
    ladder[rank - 1] < SLIGHT ||
    scaled.some((m) => hasWeakCouplings(m) || hasSmallEigenvalues(m) || hasNearbyEigenvalues(m, NEAR))
  )
}

/** Up to this size maps are asked exactly. */
const MOST = 9

/**
 * `narrow` in place of `clear` where the dimension is not that of the maps `given` in exact arithmetic, nor of what they may
 * be meant to be, and eigenvalues or couplings are such that rounding need not be why. Larger maps, which are not asked
 * exactly, are in doubt where eigenvalues lie near each other. `scaled`: the same maps in units, of norm 1.
 */
export const heldAgainstExact = (
  decision: RankDecision,
  given: ReadonlyArray<Dense>,
  scaled: ReadonlyArray<Dense>,
  rows = given[0].shape[0]
): RankDecision => {
  const { certainty, ladder, nullity } = decision
  if (certainty === 'narrow') return decision
  const agrees = (maps: ReadonlyArray<Dense>): boolean => exactNullity(maps, rows) === nullity
  const isSure =
    given[0].shape[0] > MOST
      ? !scaled.some((m) => hasNearbyEigenvalues(m, NEAR_OF_LARGE))
      : !isFragile(decision, scaled) || agrees(given) || agrees(given.map((m, k) => meant(m, scaled[k])))
  return isSure
    ? decision
    : { ...decision, certainty: 'narrow', inDoubt: ladder[ladder.length - nullity] ?? 0 }
}
