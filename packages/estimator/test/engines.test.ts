import type { Engine } from '@mechid/engine'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, it } from 'vitest'
import { wasmFiles } from '../src/engines/internal/wasm-files.js'
import { engineNames, findEngine } from '../src/index.js'

const offered: Engine = {
  name: 'webgpu',
  description: 'an adapter of somebody else',
  open: () => TE.left({ _tag: 'EngineFailed', engine: 'webgpu', reason: 'no', message: 'no' })
}

describe('WebGPU', () => {
  it('is for pages, and Node says so', async () => {
    expect(engineNames).not.toContain('webgpu')
    expect(await findEngine('webgpu')()).toMatchObject({
      left: { _tag: 'EngineUnavailable', message: expect.stringContaining('use it in a page') }
    })
  })

  it('may be offered by another package', async () => {
    const found = await findEngine('webgpu', [{ name: 'webgpu', find: TE.right(offered) }])()
    expect(found).toEqual(E.right(offered))
  })

  it('does not take the place of an engine that is here', async () => {
    const found = await findEngine('wasm', [{ name: 'wasm', find: TE.right(offered) }])()
    expect(found).toMatchObject({ right: { description: 'WebAssembly on one CPU thread' } })
  })
})

describe('the files of WebAssembly', () => {
  it('lie in a folder, or each where it is said to lie', () => {
    const folder = wasmFiles('https://example.org/wasm/')
    expect(folder['tfjs-backend-wasm-simd.wasm']).toBe('https://example.org/wasm/tfjs-backend-wasm-simd.wasm')
    expect(Object.keys(folder)).toHaveLength(3)
    const named = wasmFiles({
      'tfjs-backend-wasm-simd.wasm': 'https://example.org/b.wasm?v=1'
    })
    expect(named['tfjs-backend-wasm-simd.wasm']).toBe('https://example.org/b.wasm?v=1')
    expect(named['tfjs-backend-wasm.wasm']).toBe('tfjs-backend-wasm.wasm')
  })
})
