/** A small seeded generator for resampling: this package depends on no other of ours. */

/** Uniform on [0, 1): mulberry32 (T. Ettinger, public domain). Equal seeds give equal streams. */
export const uniforms = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** A random order of 0 … n − 1. */
export const shuffled = (n: number, random: () => number): Int32Array => {
  const order = new Int32Array(n)
  for (let i = 0; i < n; i++) {
    const j = Math.floor(random() * (i + 1))
    order[i] = order[j]
    order[j] = i
  }
  return order
}
