import { showError } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { type EngineError, engineFailed, engineUnavailable } from '../src/index.js'

describe('an engine that is not there', () => {
  it('says why, in one line, and what to do', () => {
    const thrown = new Error('Cannot find module x\nRequire stack:\n- /a/b.js')
    const error = engineUnavailable('tensorflow', thrown, 'install x')
    expect(error).toEqual({
      _tag: 'EngineUnavailable',
      engine: 'tensorflow',
      reason: 'Cannot find module x',
      remedy: 'install x',
      message: 'engine tensorflow: it is not available (Cannot find module x); install x'
    })
  })
})

describe('an engine that failed', () => {
  it.each([
    ['an error', new RangeError('out of memory')],
    ['words', 'out of memory']
  ])('says what was thrown: %s', (_, thrown) => {
    const error: EngineError = engineFailed('wasm', thrown)
    expect(error).toMatchObject({ _tag: 'EngineFailed', engine: 'wasm', reason: 'out of memory' })
    expect(showError.show(error)).toBe('engine wasm: it failed (out of memory)')
  })
})
