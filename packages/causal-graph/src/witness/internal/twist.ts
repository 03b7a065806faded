/** Maps that twist a box of two latents and keep the measure of their densities there. */
import type { Elementary, Noise } from '@mechid/mechanisms'
import type { Transformation } from '../../maps/transformation.js'
import type { DensityMap } from './factorization.js'
import type { InvariantInterval } from './invariant-interval.js'

/** One side of the box, with the law of its latent. */
export interface Side extends InvariantInterval {
  readonly noise: Noise
}

const NODES = 16

/** Nodes and weights of Gauss and Legendre on [0, 1]. */
const quadrature = Array.from({ length: NODES }, (_, k) => {
  let x = Math.cos((Math.PI * (k + 0.75)) / (NODES + 0.5))
  let slope = 1
  for (let step = 0; step < 20; step++) {
    let [p, q] = [x, 1]
    for (let n = 2; n <= NODES; n++) [p, q] = [((2 * n - 1) * x * p - (n - 1) * q) / n, p]
    slope = (NODES * (x * p - q)) / (x * x - 1)
    x -= p / slope
  }
  return { node: (1 + x) / 2, weight: 1 / ((1 - x * x) * slope * slope) }
})

const logDensityOf = <A>(F: Elementary<A>, { noise, location, scale }: Side, z: A): A =>
  noise.logDensity(F, F.mul(F.lit(1 / scale), F.sub(z, F.lit(location))))

/** The integral of the density from the low end to z. */
const massBelow = <A>(F: Elementary<A>, side: Side, z: A): A => {
  const width = F.sub(z, F.lit(side.low))
  let sum = F.zero
  for (const { node, weight } of quadrature) {
    const x = F.add(F.lit(side.low), F.mul(F.lit(node), width))
    sum = F.add(sum, F.mul(F.lit(weight), F.exp(logDensityOf(F, side, x))))
  }
  return F.mul(width, sum)
}

const NEWTON_STEPS = 8

/** The point of the interval below which a share of its mass lies. */
const pointAbove = <A>(F: Elementary<A>, side: Side, total: A, share: A): A => {
  const { low, high } = side
  let z = F.add(F.lit(low), F.mul(F.lit(high - low), share))
  for (let step = 0; step < NEWTON_STEPS; step++) {
    const excess = F.sub(massBelow(F, side, z), F.mul(total, share))
    z = F.sub(z, F.div(excess, F.exp(logDensityOf(F, side, z))))
  }
  return z
}

const ANGLE = 2
const RADIUS = 0.45

/** Turns the disc of radius 0.45 in the unit square, by up to 2 in its centre and by 0 from its rim on. */
const turned = <A>(F: Elementary<A>, x: A, y: A, sign: number): readonly [A, A] => {
  const half = F.lit(0.5)
  const [dx, dy] = [F.sub(x, half), F.sub(y, half)]
  const depth = F.sub(F.one, F.mul(F.lit(RADIUS ** -2), F.add(F.mul(dx, dx), F.mul(dy, dy))))
  const angle = F.where(depth, F.mul(F.lit(sign * ANGLE), F.pow(depth, 4)), F.zero)
  const [c, s] = [F.cos(angle), F.sin(angle)]
  return [F.add(half, F.sub(F.mul(c, dx), F.mul(s, dy))), F.add(half, F.add(F.mul(s, dx), F.mul(c, dy)))]
}

/** 1 within the interval, else 0. */
const within = <A>(F: Elementary<A>, { low, high }: Side, z: A): A =>
  F.where(F.mul(F.sub(z, F.lit(low)), F.sub(F.lit(high), z)), F.one, F.zero)

/**
 * The twist of a box: each side is stretched so that its density is uniform on [0, 1]; there the square is turned
 * about its centre, by less the further out, and not at all at its rim. Three times continuously differentiable, the
 * identity outside of the box, and p_i(z_i) p_j(z_j) dz_i dz_j is kept.
 */
export const twistMap = (
  one: Side,
  other: Side
): DensityMap & { readonly apply: Transformation; readonly invert: Transformation } => {
  const move = <A>(F: Elementary<A>, z: ReadonlyArray<A>, sign: number): ReadonlyArray<A> => {
    const [x, y] = [z[one.latent], z[other.latent]]
    const inside = F.mul(within(F, one, x), within(F, other, y))
    const shares = [one, other].map((side, q) => {
      const total = massBelow(F, side, F.lit(side.high))
      // Outside of the box the middle stands in, so that nothing overflows in what is not used.
      const safe = F.where(inside, q === 0 ? x : y, F.lit((side.low + side.high) / 2))
      return { side, total, share: F.div(massBelow(F, side, safe), total) }
    })
    const moved = turned(F, shares[0].share, shares[1].share, sign)
    const out = [...z]
    shares.forEach(({ side, total }, q) => {
      out[side.latent] = F.where(inside, pointAbove(F, side, total, moved[q]), z[side.latent])
    })
    return out
  }
  return {
    apply: (F, z) => move(F, z, 1),
    invert: (F, z) => move(F, z, -1),
    // The measure is kept, so that |det Dv| is the ratio of the densities.
    logDet: (F, z) => {
      const v = move(F, z, 1)
      const inside = F.mul(within(F, one, z[one.latent]), within(F, other, z[other.latent]))
      const change = [one, other]
        .map((side) => F.sub(logDensityOf(F, side, z[side.latent]), logDensityOf(F, side, v[side.latent])))
        .reduce((a, b) => F.add(a, b))
      return F.where(inside, change, F.zero)
    }
  }
}
