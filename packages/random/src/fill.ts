/** Filling arrays: in WebAssembly, several times faster than one draw at a time, with the very same numbers. */
import { instance, type Memory } from '@mechid/wasm'
import { FILL_MODULE } from './fill-module.js'
import { nextUniform, STATE_WORDS, type State } from './xoroshiro.js'
import { beyond, bound, nextNormal, width } from './ziggurat.js'

/** Fills an array from a stream, which advances. */
export type Fill = (state: State, out: Float32Array | Float64Array) => void

export interface Fills {
  readonly uniforms: Fill
  readonly normals: Fill
}

const FLOAT32_BELOW_ONE = 1 - 2 ** -24

/** One draw at a time, for an engine without WebAssembly. */
export const plainFills: Fills = {
  uniforms: (state, out) => {
    const greatest = out instanceof Float32Array ? FLOAT32_BELOW_ONE : 1
    for (let i = 0; i < out.length; i++) {
      const u = nextUniform(state)
      out[i] = u < greatest ? u : greatest
    }
  },
  normals: (state, out) => {
    for (let i = 0; i < out.length; i++) out[i] = nextNormal(state)
  }
}

interface FillExports {
  readonly memory: Memory
  readonly uniforms: (count: number, single: number) => void
  readonly normals: (count: number, single: number) => void
}

const WIDTH_AT = 2048
const STATE_AT = 4096
const NUMBERS_AT = 8192
const NUMBERS = 4096

/** `undefined` where the host has no WebAssembly or forbids it. */
export const assembledFills = (): Fills | undefined => {
  const held: { state: State } = { state: new Int32Array(STATE_WORDS) }
  const imports = {
    ziggurat: { beyond: (layer: number, position: number) => beyond(held.state, layer, position) }
  }
  const exports = instance<FillExports>(FILL_MODULE, 0, imports)
  if (exports === undefined) return undefined
  const { memory, uniforms, normals } = exports
  new Float64Array(memory.buffer, 0, bound.length).set(bound)
  new Float64Array(memory.buffer, WIDTH_AT, width.length).set(width)
  held.state = new Int32Array(memory.buffer, STATE_AT, STATE_WORDS)
  const singles = new Float32Array(memory.buffer, NUMBERS_AT, NUMBERS)
  const doubles = new Float64Array(memory.buffer, NUMBERS_AT, NUMBERS)

  const by =
    (draw: FillExports['normals']): Fill =>
    (state, out) => {
      const single = out instanceof Float32Array
      const drawn = single ? singles : doubles
      held.state.set(state)
      for (let start = 0; start < out.length; start += NUMBERS) {
        const count = Math.min(NUMBERS, out.length - start)
        draw(count, single ? 1 : 0)
        out.set(count === NUMBERS ? drawn : drawn.subarray(0, count), start)
      }
      state.set(held.state)
    }
  return { uniforms: by(uniforms), normals: by(normals) }
}

let chosen: Fills | undefined

/** The fastest fills that work here. Which they are shows in their speed only. */
export const fills = (): Fills => {
  chosen ??= assembledFills() ?? plainFills
  return chosen
}
