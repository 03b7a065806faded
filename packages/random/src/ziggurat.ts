/** Standard normals: G. Marsaglia, W. W. Tsang, "The Ziggurat Method" (2000), 256 layers. */
import { advance, nextUniform, type State } from './xoroshiro.js'

const LAYERS = 256
/** Right edge of the base layer, and the area of every layer, for 256 layers. */
const TAIL_START = 3.6541528853610088
const LAYER_AREA = 0.00492867323399
/** A draw's position within its layer is a signed integer of 52 bits: −2^51 … 2^51 − 1. */
const POSITIONS = 2 ** 51

/** `edge[i]`: right edge of layer i (edge[0] is the virtual width of the base), decreasing; edge[256] = 0. */
const edge = new Float64Array(LAYERS + 1)
/** `height[i]` = exp(−edge[i]²/2). */
const height = new Float64Array(LAYERS + 1)
/** Positions of smaller magnitude lie in the core of layer i and are accepted at once. */
export const bound = new Float64Array(LAYERS)
/** A position times `width[i]` is the normal. */
export const width = new Float64Array(LAYERS)

const density = (x: number): number => Math.exp(-0.5 * x * x)

edge[0] = LAYER_AREA / density(TAIL_START)
edge[1] = TAIL_START
for (let i = 2; i < LAYERS; i++) {
  edge[i] = Math.sqrt(-2 * Math.log(LAYER_AREA / edge[i - 1] + density(edge[i - 1])))
}
edge[LAYERS] = 0
for (let i = 0; i <= LAYERS; i++) height[i] = density(edge[i])
for (let i = 0; i < LAYERS; i++) {
  bound[i] = (edge[i + 1] / edge[i]) * POSITIONS
  width[i] = edge[i] / POSITIONS
}

const tail = (state: State): number => {
  for (;;) {
    const x = -Math.log(nextUniform(state)) / TAIL_START
    const y = -Math.log(nextUniform(state))
    if (y + y > x * x) return TAIL_START + x
  }
}

/** What becomes of a position outside its layer's core (1.2% of them): a normal, or NaN for "draw again". */
export const beyond = (state: State, layer: number, position: number): number => {
  if (layer === 0) return position < 0 ? -tail(state) : tail(state)
  const x = position * width[layer]
  const y = height[layer] + nextUniform(state) * (height[layer + 1] - height[layer])
  return y < density(x) ? x : Number.NaN
}

/** One standard normal. */
export const nextNormal = (state: State): number => {
  for (;;) {
    advance(state)
    const low = state[4]
    // Layer and position share no bit, and neither uses the lowest four: the weakest ones of xoroshiro128+.
    const layer = (low >>> 4) & 0xff
    const position = state[5] * 0x100000 + (low >>> 12)
    if (Math.abs(position) < bound[layer]) return position * width[layer]
    const x = beyond(state, layer, position)
    if (!Number.isNaN(x)) return x
  }
}
