/** Simulated models whose learned latents obey what the graph promises: what no test may call broken. */
import { predict } from '@mechid/causal-graph'
import { type Generator, generator } from '@mechid/random'
import { type CausalGraph, orThrow, type Samples } from '@mechid/values'

export interface Simulated {
  readonly z: Samples<Float64Array>
  readonly zHat: Samples<Float64Array>
  readonly graph: CausalGraph
}

/** A random graph of actions that promises something: each latent has an action, and not all stay mixed. */
const randomGraph = (random: Generator, latents: number): CausalGraph => {
  const share = 0.2 + 0.5 * random.uniform()
  for (;;) {
    const actions = Array.from({ length: latents }, () => {
      const row: number[] = Array.from({ length: latents }, () => (random.uniform() < share ? 1 : 0))
      row[random.integer(latents)] = 1
      return row
    })
    const graph = { actions }
    if (orThrow(predict(graph)).kind !== 'none') return graph
  }
}

/** Sums of sines of the actions, with noise of a level of its own: latents that share actions are correlated. */
const latentsOf = (random: Generator, { actions = [] }: CausalGraph, rows: number): Float64Array => {
  const d = actions.length
  const noise = 10 ** (-2 + 1.7 * random.uniform())
  const [frequency, phase] = [0, 1].map(() =>
    actions.map((row) => row.map(() => 0.5 + 1.5 * random.uniform()))
  )
  const data = new Float64Array(rows * d)
  const a = new Float64Array(d)
  for (let r = 0; r < rows; r++) {
    for (let l = 0; l < d; l++) a[l] = 4 * random.uniform() - 2
    for (let i = 0; i < d; i++) {
      let mean = 0
      for (let l = 0; l < d; l++)
        if (actions[i][l] === 1) mean += Math.sin(frequency[i][l] * a[l] + phase[i][l])
      data[r * d + i] = mean + noise * random.normal()
    }
  }
  return data
}

/**
 * A random diffeomorphism within the pattern: shears x_i += c sin(w x_j + b) of allowed pairs, one after another, which
 * stay within the pattern since such maps are a group; then a bent monotone map of each coordinate.
 */
export const obeyingMap = (
  random: Generator,
  pattern: ReadonlyArray<ReadonlyArray<number>>,
  strength: number
) => {
  const pairs = pattern.flatMap((row, i) =>
    row.flatMap((allowed, j) => (allowed === 1 && i !== j ? [[i, j]] : []))
  )
  const shears = Array.from({ length: 2 * pairs.length }, () => ({
    pair: pairs[random.integer(pairs.length)],
    c: strength * (2 * random.uniform() - 1),
    w: 0.5 + 1.5 * random.uniform(),
    b: 6 * random.uniform()
  }))
  const bends = pattern.map(() => 0.9 * (2 * random.uniform() - 1))
  return (row: Float64Array): void => {
    for (const { pair, c, w, b } of shears) row[pair[0]] += c * Math.sin(w * row[pair[1]] + b)
    for (let i = 0; i < row.length; i++) row[i] += bends[i] * Math.sin(row[i])
  }
}

/** ẑ = u(z) + noise, u within the pattern, in a random order. `noise`: in units of z. */
export const obeying = (
  seed: number,
  {
    rows,
    noise = 0.02,
    strength = 0.4
  }: { readonly rows: number; readonly noise?: number; readonly strength?: number }
): Simulated => {
  const random = generator(seed).split('obeying')
  const d = 3 + random.integer(6)
  const graph = randomGraph(random, d)
  const data = latentsOf(random, graph, rows)
  const map = obeyingMap(random, orThrow(predict(graph)).pattern, strength)
  const order = random.permutation(d)
  const learned = new Float64Array(rows * d)
  for (let r = 0; r < rows; r++) {
    const row = data.slice(r * d, (r + 1) * d)
    map(row)
    for (let i = 0; i < d; i++) learned[r * d + order[i]] = row[i] + noise * random.normal()
  }
  return { z: { data, shape: [rows, d] }, zHat: { data: learned, shape: [rows, d] }, graph }
}
