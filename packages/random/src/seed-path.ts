/** Turns a seed and the labels of the splits since into the 128-bit state of a generator. */

/** 128 bits as four 32-bit integers. */
export type Key = readonly [number, number, number, number]

const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits))

/** Final mixing of MurmurHash3 (A. Appleby, public domain): every input bit moves every output bit. */
const avalanche = (x: number): number => {
  let h = x
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) | 0
}

/** Absorbs one 32-bit word into the key; lanes take it with different multipliers and then mix. */
const absorb = (key: Key, word: number): Key => {
  const a = avalanche(key[0] ^ Math.imul(word, 0x9e3779b1))
  const b = avalanche(key[1] ^ rotate(Math.imul(word, 0x85ebca77), 15) ^ a)
  const c = avalanche(key[2] ^ rotate(Math.imul(word, 0xc2b2ae3d), 7) ^ b)
  const d = avalanche(key[3] ^ rotate(Math.imul(word, 0x27d4eb2f), 21) ^ c)
  return [(a + d) | 0, b, c, d]
}

const NUMBER_LABEL = 1
const STRING_LABEL = 2
const ROOT: Key = [0x243f6a88, 0x85a308d3 | 0, 0x13198a2e, 0x03707344]

const words = new Float64Array(1)
const halves = new Int32Array(words.buffer)

const absorbNumber = (key: Key, value: number): Key => {
  // Adding zero turns −0 into 0, so that equal numbers give equal streams.
  words[0] = value + 0
  return absorb(absorb(absorb(key, NUMBER_LABEL), halves[0]), halves[1])
}

const absorbString = (key: Key, value: string): Key => {
  let next = absorb(absorb(key, STRING_LABEL), value.length)
  for (let i = 0; i < value.length; i++) next = absorb(next, value.charCodeAt(i))
  return next
}

/** The key of a fresh root generator. */
export const rootKey = (seed: number): Key => absorbNumber(ROOT, seed)

/** The key of the stream that `label` splits off. */
export const childKey = (key: Key, label: string | number): Key =>
  typeof label === 'number' ? absorbNumber(key, label) : absorbString(key, label)
