import { kernel } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import { type Codes, type Unmixed, type UnmixOptions, unmix } from '../src/index.js'
import { problemKernel, rotatedCodes, scored } from './rotated-codes.js'

const answered = (codes: Codes, options: UnmixOptions = {}): Promise<Unmixed> =>
  orThrow(unmix(codes, { seed: 1, ...options }))

describe('codes that are a random linear map of the latents', () => {
  it.each([
    ['TimeDiag', 6],
    ['TimeNonDiag', 8],
    ['TimeBlockDiag', 6],
    ['TimeBlockNonDiag', 6],
    ['TimeRandomGraph', 8],
    ['ActionDiag', 6],
    ['ActionNonDiag', 10]
  ])('%s, %i latents: latents and graph', async (name, latents) => {
    const codes = rotatedCodes(problemKernel(name, latents, 0.4), { rows: 12_000 })
    const found = await answered(codes, { rows: 8000 })
    const { mcc, shd } = scored(codes, found)
    expect(mcc).toBeGreaterThan(0.99)
    expect(shd).toBe(0)
    expect(found.found.every((one) => one)).toBe(true)
    expect(found.additivity.rejected).toBe(false)
    expect(found.decision.clear).toBe(true)
  })

  it('sines that are fast for every latent: what acts on several others is seen in products', async () => {
    const fast = orThrow(
      kernel({
        latents: 8,
        lags: 1,
        location: (F, z) =>
          z.map((own, i) =>
            z
              .slice(0, i + 1)
              .map((cause) => F.sin(F.add(F.mul(F.lit(6 + i / 3), cause), F.lit(i))))
              .reduce((sum, effect) => F.add(sum, F.mul(F.lit(0.5), effect)), own)
          ),
        scale: 0.01
      })
    )
    const codes = rotatedCodes(fast, { rows: 12_000 })
    const { mcc, shd } = scored(codes, await answered(codes, { rows: 8000, searches: 1, starts: 24 }))
    expect(mcc).toBeGreaterThan(0.99)
    expect(shd).toBe(0)
  })

  it('longer sequences, and actions that steer them', async () => {
    const pushed = orThrow(
      kernel({
        latents: 3,
        actions: 2,
        lags: 1,
        location: (F, [x, y, z], [a, b]) => [
          F.add(F.mul(F.lit(0.7), x), F.sin(F.mul(F.lit(2), y))),
          F.add(F.sin(F.mul(F.lit(2), y)), a),
          F.add(F.cos(F.mul(F.lit(1.5), z)), F.sin(F.mul(F.lit(2), b)))
        ],
        scale: 0.05
      })
    )
    const codes = rotatedCodes(pushed, { rows: 4000, frames: 4 })
    const found = await answered(codes)
    const { mcc, shd } = scored(codes, found)
    expect(mcc).toBeGreaterThan(0.98)
    expect(shd).toBe(0)
  })

  it('is equal for equal seeds, and follows a known number of edges', async () => {
    const codes = rotatedCodes(problemKernel('TimeNonDiag', 4), { rows: 4000 })
    const [first, second] = [await answered(codes), await answered(codes)]
    expect(second).toEqual(first)
    const { graph } = await answered(codes, { edges: 7 })
    expect(graph.latents!.flat().reduce((a, b) => a + b, 0)).toBe(7)
  })
})

describe('what must not be claimed', () => {
  it('shuffled frames: nothing was found', async () => {
    const { codes } = rotatedCodes(problemKernel('TimeNonDiag', 4), { rows: 4000 })
    const [n, , d] = codes.shape
    const order = generator(3).permutation(n)
    const data = codes.data.slice()
    for (let r = 0; r < n; r++) {
      for (let j = 0; j < d; j++) data[(2 * r + 1) * d + j] = codes.data[(2 * order[r] + 1) * d + j]
    }
    const found = await answered({ codes: { data, shape: codes.shape } })
    expect(found.found.some((one) => one)).toBe(false)
    expect(found.explanation[0]).toContain('Nothing was found')
    expect(found.explanation[1]).toContain('No edges')
    expect(found.graph.latents!.flat().every((edge) => edge === 0)).toBe(true)
  })

  it('actions that have nothing to do with the codes: no edges', async () => {
    const { codes, actions } = rotatedCodes(problemKernel('ActionNonDiag', 4), { rows: 4000 })
    const [n, k] = actions!.shape
    const order = generator(3).permutation(n)
    const data = actions!.data.map((_, at) => actions!.data[order[Math.floor(at / k)] * k + (at % k)])
    const found = await answered({ codes, actions: { data, shape: actions!.shape } })
    expect(found.explanation[0]).toContain('Nothing was found')
    expect(found.graph.actions!.flat().every((edge) => edge === 0)).toBe(true)
  })
})

describe('mechanisms with interactions', () => {
  const product = orThrow(
    kernel({
      latents: 3,
      lags: 1,
      location: (F, [x, y, z]) => [
        F.add(F.mul(F.lit(0.5), x), F.mul(y, z)),
        F.sin(F.mul(F.lit(2), y)),
        F.sin(F.mul(F.lit(2), F.add(z, F.lit(0.3))))
      ],
      scale: 0.05
    })
  )

  it('a product of two latents: additivity is rejected, and sparsity finds latents and graph', async () => {
    const codes = rotatedCodes(product, { rows: 9000 })
    const found = await answered(codes)
    expect(found.additivity.rejected).toBe(true)
    expect(found.hypothesis).toBe('sparse')
    expect(found.explanation.join(' ')).toMatch(/sparse mechanisms.*additive is rejected/)
    expect(found.rejected).toBe(false)
    expect(scored(codes, found)).toMatchObject({ mcc: expect.closeTo(1, 2), shd: 0 })
  })

  it('a hypothesis that is asked for is kept', async () => {
    const codes = rotatedCodes(product, { rows: 9000 })
    const found = await answered(codes, { hypothesis: 'additive' })
    expect(found.hypothesis).toBe('additive')
    expect(found.additivity.rejected).toBe(true)
    const additive = rotatedCodes(problemKernel('TimeBlockDiag', 4), { rows: 9000 })
    const sparse = await answered(additive, { hypothesis: 'sparse' })
    expect(sparse.hypothesis).toBe('sparse')
  })

  /** z_i + ½ |z − s_i| over the causes of i. */
  const norms = (graph: readonly number[][]) => {
    const random = generator(11)
    const shifts = graph.map((row) => row.map(() => random.normal()))
    return orThrow(
      kernel({
        latents: graph.length,
        lags: 1,
        location: (F, z) =>
          graph.map((row, i) => {
            const squares = row.flatMap((edge, j) => {
              const away = F.sub(z[j], F.lit(shifts[i][j]))
              return edge === 1 ? [F.mul(away, away)] : []
            })
            return F.add(z[i], F.mul(F.lit(0.5), F.sqrt(squares.reduce((a, b) => F.add(a, b)))))
          }),
        scale: 0.01
      })
    )
  }

  it('a weak product rejects additivity where that is asked of precise codes', async () => {
    const weak = orThrow(
      kernel({
        latents: 3,
        lags: 1,
        location: (F, [x, y, z]) => [
          F.add(F.mul(F.lit(0.7), x), F.sin(F.mul(F.lit(2), y))),
          F.add(F.sin(F.mul(F.lit(2), y)), F.mul(F.lit(0.2), F.mul(x, y))),
          F.add(F.cos(F.mul(F.lit(1.5), z)), F.sin(F.mul(F.lit(2), x)))
        ],
        scale: 0.05
      })
    )
    const codes = rotatedCodes(weak, { rows: 6000 })
    const usual = await answered(codes, { hypothesis: 'additive' })
    const strict = await answered(codes, { hypothesis: 'additive', mostInteraction: 0.02 })
    expect(usual.additivity.rejected).toBe(false)
    expect(strict.additivity.rejected).toBe(true)
    expect(strict.additivity.share).toBe(usual.additivity.share)
    const sums = rotatedCodes(problemKernel('TimeNonDiag', 4), { rows: 6000 })
    const additive = await answered(sums, { hypothesis: 'additive', mostInteraction: 0.02 })
    expect(additive.additivity.rejected).toBe(false)
  })

  it('norms over up to three latents, and an action that multiplies', async () => {
    const graph = [
      [1, 0, 0, 1, 0],
      [1, 1, 0, 0, 0],
      [0, 0, 1, 0, 1],
      [0, 1, 1, 1, 0],
      [0, 0, 0, 0, 1]
    ]
    const codes = rotatedCodes(norms(graph), { rows: 20_000 })
    const found = await answered(codes, { hypothesis: 'sparse' })
    expect(scored(codes, found)).toMatchObject({ mcc: expect.closeTo(1, 2), shd: 0 })
    const steered = orThrow(
      kernel({
        latents: 3,
        lags: 1,
        actions: 1,
        location: (F, [x, y, z], [a]) => [
          F.add(F.mul(F.lit(0.5), x), F.mul(a, F.sin(F.mul(F.lit(1.5), y)))),
          F.add(F.cos(F.mul(F.lit(1.5), y)), F.mul(F.lit(0.5), F.mul(z, a))),
          F.sin(F.mul(F.lit(1.5), z))
        ],
        scale: 0.05
      })
    )
    const moved = rotatedCodes(steered, { rows: 20_000 })
    const latents = await answered(moved)
    expect(latents.hypothesis).toBe('sparse')
    expect(scored(moved, latents)).toMatchObject({ mcc: expect.closeTo(1, 2), shd: 0 })
  })

  it('norms over up to eight latents', async () => {
    const codes = rotatedCodes(problemKernel('TimeNonDiag (norm)', 8), { rows: 15_000 })
    const found = await answered(codes, { hypothesis: 'sparse' })
    expect(scored(codes, found)).toMatchObject({ mcc: expect.closeTo(1, 2), shd: 0 })
  })

  it.each(['ActionNonDiag (norm)', 'ActionNonDiag (sigmoid)', 'ActionNonDiag (k=2)'])(
    '%s: what actions do to few latents, in any form',
    async (name) => {
      const codes = rotatedCodes(problemKernel(name, 8), { rows: 15_000 })
      const found = await answered(codes)
      expect(found.hypothesis).toBe(name.includes('norm') ? 'sparse' : 'additive')
      const { mcc, shd } = scored(codes, found)
      expect(mcc).toBeGreaterThan(0.99)
      expect(shd).toBe(0)
    }
  )
})

describe('bad input', () => {
  const data = new Float64Array(generator(1).permutation(4000)).map((x) => x / 4000)
  const square: Codes = { codes: { data, shape: [1000, 2, 2] } }
  const nan = data.slice()
  nan[7] = Number.NaN
  const constant = data.map((x, at) => (at % 2 === 0 ? x : 5))
  const cases: ReadonlyArray<readonly [string, Codes, UnmixOptions, string, RegExp]> = [
    [
      'rank 1',
      { codes: { data, shape: [4000] } },
      {},
      'ShapeMismatch',
      /codes is \[4000\], expected an array of rank 2 or 3/
    ],
    [
      'too few numbers',
      { codes: { data, shape: [1000, 2, 3] } },
      {},
      'ShapeMismatch',
      /4000 numbers, expected 6000/
    ],
    [
      'NaN',
      { codes: { data: nan, shape: [1000, 2, 2] } },
      {},
      'NotFinite',
      /codes is NaN at row 1, frame 1, column 1/
    ],
    ['constant codes', { codes: { data: constant, shape: [1000, 2, 2] } }, {}, 'Degenerate', /vary in all 2/],
    [
      'all codes the same',
      { codes: { data: new Float64Array(4000).fill(1e6), shape: [1000, 2, 2] } },
      {},
      'Degenerate',
      /smallest variance of codes .* is 0\.0e\+0 of the largest/
    ],
    [
      'too few pairs',
      { codes: { data: data.subarray(0, 400), shape: [100, 2, 2] } },
      {},
      'TooFewRows',
      /100 rows/
    ],
    [
      'no mechanism',
      { codes: { data, shape: [2000, 2] } },
      {},
      'NoMechanism',
      /codes is static, \[2000, 2\], without actions, expected sequences/
    ],
    [
      'other rows of actions',
      { ...square, actions: { data: data.subarray(0, 10), shape: [10, 1, 1] } },
      {},
      'ShapeMismatch',
      /\[1000, 2, 1\] or \[1000, 1, 1\]/
    ],
    [
      'a constant action',
      { ...square, actions: { data: data.map(() => 1).subarray(0, 1000), shape: [1000, 1, 1] } },
      {},
      'Degenerate',
      /column 0 of actions \(counted from 0\) is 1 in every row/
    ],
    [
      'frames for the lags',
      square,
      { lags: 2 },
      'ShapeMismatch',
      /codes is \[1000, 2, 2\], expected sequences of at least 3 frames, for 2 lags/
    ],
    [
      'interactions',
      square,
      { mostInteraction: 0 },
      'InvalidOption',
      /mostInteraction is 0, expected above 0 and at most 1/
    ],
    ['lags', square, { lags: 0 }, 'InvalidOption', /lags is 0, expected a positive integer/],
    ['edges', square, { edges: -1 }, 'InvalidOption', /edges is -1, expected a number, 0 or more/],
    [
      'hypothesis',
      square,
      { hypothesis: 'linear' as 'sparse' },
      'InvalidOption',
      /hypothesis is linear, expected additive or sparse/
    ],
    ['rows', square, { rows: 3 }, 'InvalidOption', /rows is 3, expected an integer, 512 or more/],
    [
      'frequency',
      square,
      { highestFrequency: Number.NaN },
      'InvalidOption',
      /highestFrequency is NaN, expected between 0\.5 and 50/
    ]
  ]

  it.each(cases)('%s', async (_, codes, options, tag, text) => {
    const answer = await unmix(codes, options)()
    expect(answer).toMatchObject({ _tag: 'Left', left: { _tag: tag } })
    if (answer._tag === 'Left') {
      expect(answer.left.message).toMatch(text)
      expect(answer.left.message).toMatch(/^unmix: .*[^.]$/)
    }
  })

  it('action columns that determine one another', async () => {
    const codes = { data, shape: [2000, 2] }
    // The last column is the sum of the others. (Columns of one discrete action, which add up to 1, are understood.)
    const actions = Float64Array.from({ length: 6000 }, (_, at) => {
      const [row, l] = [Math.floor(at / 3), at % 3]
      const [first, second] = [Math.sin(row * row), Math.cos(3 * row * row)]
      return [first, second, first + second][l]
    })
    const answer = await unmix({ codes, actions: { data: actions, shape: [2000, 3] } })()
    expect(answer).toMatchObject({
      left: { _tag: 'Degenerate', what: expect.stringContaining('column 2') }
    })
  })

  it('can be interrupted', async () => {
    const abort = new AbortController()
    const codes = rotatedCodes(problemKernel('TimeNonDiag', 4), { rows: 2000 })
    const answer = await unmix(codes, { signal: abort.signal, onProgress: () => abort.abort() })()
    expect(answer).toMatchObject({ _tag: 'Left', left: { _tag: 'Aborted', where: 'unmix' } })
  })
})
