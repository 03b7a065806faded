import { afterEach, describe, expect, it, vi } from 'vitest'
import { instance, type Memory, PAGE, reserve, webAssembly } from '../src/index.js'

// (module (memory (export "memory") 1) (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))
const ADD = 'AGFzbQEAAAABBwFgAn9/AX8DAgEABQMBAAEHEAIGbWVtb3J5AgADYWRkAAAKCQEHACAAIAFqCw=='

// (module (import "host" "memory" (memory 1)) (export "memory" (memory 0)))
const IMPORTING = 'AGFzbQEAAAACEAEEaG9zdAZtZW1vcnkCAAEHCgEGbWVtb3J5AgA='

interface Adding {
  readonly memory: Memory
  readonly add: (a: number, b: number) => number
}

const adding = (bytes?: number): Adding => {
  const exports = instance<Adding>(ADD, bytes)
  if (exports === undefined) throw new Error('no WebAssembly here')
  return exports
}

afterEach(() => vi.unstubAllGlobals())

describe('instance', () => {
  it('runs a module', () => {
    expect(adding().add(2, 3)).toBe(5)
    expect(adding().memory.buffer.byteLength).toBe(PAGE)
  })

  it('has a memory of its own, of at least the bytes asked for', () => {
    const [one, other] = [adding(PAGE + 1), adding()]
    expect(one.memory.buffer.byteLength).toBe(2 * PAGE)
    new Uint8Array(one.memory.buffer)[0] = 1
    expect(new Uint8Array(other.memory.buffer)[0]).toBe(0)
  })

  it('hands a memory of the bytes asked for to a module that imports it', () => {
    const sizes = [1, PAGE, PAGE + 1, 10 * PAGE].map(
      (bytes) => instance<{ readonly memory: Memory }>(IMPORTING, bytes)?.memory.buffer.byteLength
    )
    expect(sizes).toEqual([PAGE, PAGE, 2 * PAGE, 10 * PAGE])
  })

  it.each([
    ['no module', 'AAAA'],
    ['no base64', '!'],
    ['nothing', '']
  ])('is undefined where the text is %s', (_, text) => {
    expect(instance(text)).toBeUndefined()
    expect(instance(text)).toBeUndefined()
  })

  it('is undefined where there is too little memory', () => {
    expect(instance(ADD, 2 ** 40)).toBeUndefined()
    expect(instance(IMPORTING, 2 ** 40)).toBeUndefined()
  })

  it('is undefined where the host has no WebAssembly', () => {
    vi.stubGlobal('WebAssembly', undefined)
    expect(webAssembly()).toBeUndefined()
    expect(instance(ADD)).toBeUndefined()
  })
})

describe('reserve', () => {
  it('grows in whole pages and never shrinks', () => {
    const { memory } = adding()
    reserve(memory, 3 * PAGE - 1)
    expect(memory.buffer.byteLength).toBe(3 * PAGE)
    reserve(memory, 1)
    expect(memory.buffer.byteLength).toBe(3 * PAGE)
  })

  it('throws where there is no room', () => {
    expect(() => reserve(adding().memory, 2 ** 40)).toThrow()
  })
})
