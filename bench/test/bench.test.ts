import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { helpText, parseOptions } from '../../examples/terminal/src/options.js'
import { disagreement, peerMissing } from '../src/errors.js'
import { purpose, specs, usageLine } from '../src/options.js'
import { peerEnvironment } from '../src/peer.js'
import { findPython, PYTHON } from '../src/python.js'
import { rowOf, tableRows } from '../src/rows.js'
import { type Measured, pairsOf, worstOf } from '../src/runner.js'
import { median, quantile, summarize } from '../src/statistics.js'
import { suites } from '../src/suites/index.js'
import { differencesOf } from '../src/suites/metrics.js'

describe('statistics', () => {
  it('know medians and quartiles', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 3, 2])).toBe(2.5)
    expect(quantile([1, 2, 3, 4, 5], 0.25)).toBe(2)
    expect(quantile([7], 0.75)).toBe(7)
  })

  it('say more than 1 where we are faster', () => {
    const summary = summarize([
      { ours: 1, peer: 2 },
      { ours: 2, peer: 6 },
      { ours: 1, peer: 5 }
    ])
    expect(summary).toEqual({ ours: 1, peer: 5, ratio: 3, quartiles: [2.5, 4] })
  })

  it('are not moved by what slows both runs of a pair', () => {
    const times = fc.record({
      ours: fc.double({ min: 0.1, max: 10, noNaN: true }),
      slower: fc.integer({ min: 0, max: 8 })
    })
    fc.assert(
      fc.property(fc.array(times, { minLength: 1 }), (runs) => {
        const pairs = runs.map(({ ours, slower }) => ({
          ours: ours * 2 ** slower,
          peer: 2 * ours * 2 ** slower
        }))
        expect(summarize(pairs)).toMatchObject({ ratio: 2, quartiles: [2, 2] })
      })
    )
  })
})

describe('pairs', () => {
  it('are run in turns, ours first', async () => {
    const order: string[] = []
    const side = (name: string, seconds: number) => async () => {
      order.push(name)
      return seconds
    }
    const trial = { ours: side('ours', 1), peer: side('peer', 2), differences: async () => [] }
    expect(await pairsOf(trial, 2)).toEqual([
      { ours: 1, peer: 2 },
      { ours: 1, peer: 2 }
    ])
    expect(order).toEqual(['ours', 'peer', 'ours', 'peer'])
  })
})

describe('differences', () => {
  const difference = (value: number, allowed: number) => ({ what: `${value}`, difference: value, allowed })

  it('are found by how much they exceed what is allowed', () => {
    expect(worstOf([difference(0, 0), difference(1e-7, 1e-6)])).toBeUndefined()
    expect(worstOf([difference(2, 1), difference(0.5, 0.1), difference(3, 4)])?.what).toBe('0.5')
    expect(worstOf([difference(0, 1), difference(Number.NaN, 1)])?.what).toBe('NaN')
  })

  it('of scores include the parts and their number', () => {
    expect(worstOf(differencesOf({ value: 1, parts: [1, 2] }, { value: 1, parts: [1, 2] }))).toBeUndefined()
    const parts = 'the numbers that it is made of'
    expect(worstOf(differencesOf({ value: 1, parts: [1, 2] }, { value: 1, parts: [1, 2.1] }))?.what).toBe(
      parts
    )
    expect(worstOf(differencesOf({ value: 1, parts: [1, 2] }, { value: 1, parts: [1] }))?.what).toBe(parts)
  })
})

describe('results', () => {
  const measured: Measured = {
    suite: 'metrics',
    case: {
      name: 'R',
      needs: ['numpy', 'sklearn'],
      prepare: () => Promise.reject(new Error('not run'))
    },
    about: {
      python: '3.11.2',
      versions: { numpy: '1.24.2', sklearn: '1.2.1', scipy: '1.10.1' },
      blas: 'openblas'
    },
    summary: { ours: 0.0123456, peer: 0.05, ratio: 4.04999, quartiles: [3.5, 4.4] },
    remark: ''
  }

  it('are rows of JSON', () => {
    expect(rowOf(measured)).toEqual({
      suite: 'metrics',
      case: 'R',
      ours: 12.35,
      peer: 50,
      peerName: 'NumPy 1.24.2, scikit-learn 1.2.1',
      unit: 'ms',
      ratio: 4.05
    })
  })

  it('are lines of a table', () => {
    const [header, line] = tableRows([measured])
    expect(line).toHaveLength(header.length)
    expect(line).toContain('3.50 to 4.40')
  })
})

describe('the command line', () => {
  it('runs all suites unless one is named', () => {
    expect(parseOptions(specs, [])).toMatchObject({
      right: { suite: 'all', case: undefined, json: undefined, help: false }
    })
    for (const { name } of suites) {
      expect(parseOptions(specs, ['--suite', name])).toMatchObject({ right: { suite: name } })
    }
  })

  it('lists the suites when there is none of that name', () => {
    const wrong = parseOptions(specs, ['--suite', 'metric'])
    expect(wrong).toMatchObject({
      left: {
        message: `--suite is "metric"; it must be one of all, ${suites.map((s) => s.name).join(', ')}; did you mean metrics?`
      }
    })
    expect(parseOptions(specs, ['--json'])).toMatchObject({ left: { message: '--json needs a value' } })
  })

  it('explains itself', () => {
    const text = helpText(usageLine, purpose, specs)
    for (const { name } of suites) expect(text).toContain(`  ${name}`)
    expect(text).toContain('--json FILE')
  })
})

describe('a peer', () => {
  it('has the threads it may have, and its libraries at their best kernels', () => {
    const own = { PATH: '/bin', OPENBLAS_CORETYPE: 'Haswell', OPENBLAS_L2_SIZE: '1', OMP_NUM_THREADS: '8' }
    const set = peerEnvironment(own, 2)
    expect(set).toMatchObject({ PATH: '/bin', OMP_NUM_THREADS: '2', OPENBLAS_NUM_THREADS: '2' })
    expect(Object.keys(set)).not.toContain('OPENBLAS_CORETYPE')
    expect(Object.keys(set)).not.toContain('OPENBLAS_L2_SIZE')
  })

  it('is no other Python than the one that is named', () => {
    vi.stubEnv(PYTHON, '/there/is/no/python')
    expect(findPython(['numpy'])).toMatchObject({
      left: { _tag: 'NoPeer', message: expect.stringContaining('/there/is/no/python') }
    })
    vi.unstubAllEnvs()
  })
})

describe('errors', () => {
  it('say what to install, and what differs', () => {
    const debian = { command: 'apt-get install', packages: ['python3-numpy', 'python3-scipy'] } as const
    expect(peerMissing(['NumPy', 'SciPy'], debian).message).toBe(
      'no Python with NumPy, SciPy was found; name one in MECHID_BENCH_PYTHON, or on Debian: apt-get install python3-numpy python3-scipy'
    )
    const registry = { command: 'pip install', packages: ['numpy', 'jax'] } as const
    expect(peerMissing(['NumPy', 'JAX'], registry).message).toBe(
      'no Python with NumPy, JAX was found; in a virtual environment, whose Python MECHID_BENCH_PYTHON then names: pip install numpy jax'
    )
    expect(peerMissing(['NumPy'], debian, '/opt/python').message).toBe(
      '/opt/python, which MECHID_BENCH_PYTHON names, does not import NumPy'
    )
    expect(disagreement({ what: 'the score', difference: 0.1, allowed: 1e-6 }).message).toContain(
      'the score differs by 1.00e-1'
    )
  })
})
