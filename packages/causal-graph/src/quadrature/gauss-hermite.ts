/** Quadrature under the standard normal law. */

export interface Node {
  readonly x: number
  readonly weight: number
}

/** Orthonormal Hermite polynomials h_0 … h_n at x under the standard normal law. */
export const hermite = (n: number, x: number): Float64Array => {
  const h = new Float64Array(n + 1)
  h[0] = 1
  if (n > 0) h[1] = x
  for (let k = 2; k <= n; k++) h[k] = (x * h[k - 1] - Math.sqrt(k - 1) * h[k - 2]) / Math.sqrt(k)
  return h
}

/**
 * Nodes and weights of Gauss and Hermite: exact for polynomials up to degree 2n − 1 under the standard normal law.
 * Roots by bisection between those of one degree less; up to about 100 nodes.
 */
export const gaussHermite = (n: number): Node[] => {
  let roots: number[] = []
  for (let degree = 1; degree <= n; degree++) {
    const bound = 2 * Math.sqrt(degree) + 1
    const ends = [-bound, ...roots, bound]
    roots = Array.from({ length: degree }, (_, k) => {
      let [low, high] = [ends[k], ends[k + 1]]
      const sign = Math.sign(hermite(degree, low)[degree])
      for (let step = 0; step < 80 && high - low > 0; step++) {
        const middle = (low + high) / 2
        if (Math.sign(hermite(degree, middle)[degree]) === sign) low = middle
        else high = middle
      }
      return (low + high) / 2
    })
  }
  return roots.map((x) => ({ x, weight: 1 / hermite(n - 1, x).reduce((sum, h) => sum + h * h, 0) }))
}

/** The product rule in several dimensions: `x` has `dimensions` entries. */
export const productRule = (
  nodes: ReadonlyArray<Node>,
  dimensions: number
): { readonly x: number[]; readonly weight: number }[] =>
  Array.from({ length: nodes.length ** dimensions }, (_, at) => {
    const x: number[] = []
    let weight = 1
    for (let c = 0, rest = at; c < dimensions; c++, rest = Math.floor(rest / nodes.length)) {
      const node = nodes[rest % nodes.length]
      x.push(node.x)
      weight *= node.weight
    }
    return { x, weight }
  })
