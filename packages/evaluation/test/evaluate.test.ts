import { binaryGraph } from '@mechid/causal-graph'
import { kernel, problem } from '@mechid/mechanisms'
import { orThrow, type Samples } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  type EvaluationInput,
  type EvaluationOptions,
  evaluate,
  pointScores,
  scoreRows
} from '../src/index.js'
import { drawn, mixed, noise, quick } from './latents.js'

const ROWS = 2000

/** Row i of Ga: actions i and i − 1, so that every latent is promised by itself. */
const cyclic = orThrow(problem('ActionNonDiag', { latents: 3 }))
const truth = {
  actions: [
    [1, 0, 1],
    [1, 1, 0],
    [0, 1, 1]
  ]
}
const z = drawn(cyclic, ROWS)

/** ẑ0 = −z2, ẑ1 = 2 z0, ẑ2 = .5 z1. */
const swapped = mixed(z, [
  [0, 0, -1],
  [2, 0, 0],
  [0, 0.5, 0]
])
const swappedGraph = { actions: [truth.actions[2], truth.actions[0], truth.actions[1]] }

/** Latents 0 and 1 share an action: they stay together, latent 2 stands alone. */
const paired = {
  actions: [
    [1, 0],
    [1, 0],
    [0, 1]
  ]
}
const turned = [
  [Math.SQRT1_2, Math.SQRT1_2, 0],
  [-Math.SQRT1_2, Math.SQRT1_2, 0],
  [0, 0, 1]
]

const evaluated = (input: EvaluationInput, options: EvaluationOptions = quick) =>
  orThrow(evaluate(input, options))

describe('actions that follow from others', () => {
  const dependent = [{ action: 2, of: [0], factors: [1], constant: 0 }]
  it('count in what the learned graph promises, and in R_con', () => {
    const input = { z, zHat: swapped, learned: swappedGraph }
    expect(evaluated(input).learnedPrediction?.kind).toBe('complete')
    const answer = evaluated({ ...input, dependent })
    // Actions 0 and 1 are left: latents 0 and 2 follow action 0 alone, or both.
    expect(answer.learnedPrediction?.kind).not.toBe('complete')
    expect(answer.learnedPrediction?.explanation.join(' ')).toContain('a2 follows from a0')
    expect(answer.comparison?.pattern).not.toEqual(evaluated(input).comparison?.pattern)
  })

  it('count in the verdict on the true graph', () => {
    expect(evaluated({ z, zHat: swapped, graph: truth, dependent }).theory?.promise).not.toBe('complete')
  })
})

describe('perfect latents, permuted and scaled', () => {
  const answer = evaluated({ z, zHat: swapped, graph: cyclic, learned: swappedGraph })
  const comparison = answer.comparison!

  it('keep the promise', () => {
    expect(answer.theory).toMatchObject({ promise: 'complete', influence: 'sufficient' })
    expect(answer.verdict).toEqual({
      _tag: 'Kept',
      supposes: [],
      sentence: 'The promise was kept: every latent found, one by one, and the graph with it.'
    })
    expect(answer.thresholds).toEqual({ correlation: 0.9, shd: 1, chance: 0.5, margin: 0.01, level: 0.05 })
  })

  it('are matched, scored and relabelled', () => {
    expect(comparison.assignment).toEqual([1, 2, 0])
    expect(comparison.learned).toEqual(truth)
    expect(comparison.graph).toMatchObject({ shd: 0, falsePositives: 0, falseNegatives: 0, chance: 4 })
    for (const score of [comparison.mcc, comparison.r, comparison.rCon!]) {
      expect(score.value).toBeCloseTo(1, 10)
      expect(score.interval[0]).toBeCloseTo(1, 10)
      expect(score.chance).toBeLessThan(0.1)
    }
    expect(comparison.correlation.map((row, i) => Math.round(row[i]))).toEqual([1, 1, -1])
    expect(comparison.violations).toEqual([])
  })

  it('are told of one by one', () => {
    expect(answer.latents.map(({ learned, promise, kept }) => [learned, promise._tag, kept])).toEqual([
      [1, 'Alone', true],
      [2, 'Alone', true],
      [0, 'Alone', true]
    ])
    expect(answer.latents[2].sentence).toBe(
      'z2: learned latent 0, correlation -1.0000, R² 1.0000 from its own block; promised by itself, kept.'
    )
  })

  it('answer plain data, the same for the same seed', () => {
    expect(JSON.parse(JSON.stringify(answer))).toEqual(answer)
    expect(evaluated({ z, zHat: swapped, graph: cyclic, learned: swappedGraph })).toEqual(answer)
  })

  it('takes a graph that has been read', () => {
    const input = { z, zHat: swapped, learned: swappedGraph }
    expect(evaluated({ ...input, graph: orThrow(binaryGraph(truth)) })).toEqual(
      evaluated({ ...input, graph: truth })
    )
  })

  it('in single precision give nearly the same', () => {
    const single = { ...swapped, data: Float32Array.from(swapped.data) }
    expect(evaluated({ z, zHat: single, graph: cyclic }).comparison?.mcc.value).toBeCloseTo(1, 6)
  })

  it('of a plain graph keep what it promises, should influence suffice', () => {
    const { verdict, theory } = evaluated({ z, zHat: swapped, graph: truth })
    expect(theory).toMatchObject({ promise: 'complete', influence: 'supposed' })
    expect(verdict).toMatchObject({
      _tag: 'Kept',
      supposes: [expect.stringContaining('assumed to be sufficient')],
      sentence: 'The promise was kept: every latent found, one by one.'
    })
  })
})

describe('a pair mixed within its block', () => {
  const blocks = noise(ROWS, 3)
  const zHat = mixed(blocks, turned)

  it('keeps a promise that leaves it open', () => {
    const { verdict, latents, comparison } = evaluated({ z: blocks, zHat, graph: paired, learned: paired })
    expect(verdict).toMatchObject({
      _tag: 'Kept',
      sentence:
        'The promise was kept: latents found up to what the graph leaves open, and the graph with them.'
    })
    expect(comparison?.mcc.value).toBeLessThan(0.9)
    expect(comparison?.rCon?.value).toBeCloseTo(1, 8)
    expect(comparison?.violations).toEqual([])
    expect(latents.map(({ promise }) => promise)).toEqual([
      { _tag: 'Mixed', with: [1] },
      { _tag: 'Mixed', with: [0] },
      { _tag: 'Alone' }
    ])
    expect(latents.map(({ kept }) => kept)).toEqual([true, true, true])
    expect(latents[0].rSquared).toBeCloseTo(1, 8)
  })

  it('breaks a promise that does not', () => {
    const { verdict, latents, comparison } = evaluated({ z: blocks, zHat, graph: truth })
    expect(verdict).toMatchObject({
      _tag: 'Broken',
      latents: [0, 1],
      pairs: [
        [0, 1],
        [1, 0]
      ],
      reasons: [
        expect.stringMatching(/^z0 is not known from .*: (49|50|51)\.\d+ % of its variance stay open\.$/),
        expect.stringMatching(/^z1 is not known/),
        expect.stringMatching(/^z0 depends on the learned latent of z1.* adds (49|50|51)\.\d+ % /),
        expect.stringMatching(/^z1 depends on the learned latent of z0/)
      ]
    })
    expect(latents.map(({ kept }) => kept)).toEqual([false, false, true])
    expect(comparison?.violations.map(({ latent, other }) => [latent, other])).toEqual([
      [0, 1],
      [1, 0]
    ])
  })

  it('says that noise alone is to blame where it is', () => {
    const { verdict, comparison } = evaluated({ z: blocks, zHat, graph: truth, floor: 0.8 })
    expect(comparison?.floor).toBe(0.8)
    expect(verdict).toMatchObject({
      reasons: expect.arrayContaining([expect.stringContaining('Noise alone limits R to 0.8000')])
    })
  })
})

it('one wrong edge may be, two may not, and thresholds can be changed', () => {
  const graph = (...rows: number[][]) => ({ actions: rows })
  const [one, two] = [graph([1, 1, 1], [1, 1, 0], [0, 1, 1]), graph([1, 1, 1], [1, 1, 1], [0, 1, 1])]
  const input = { z, zHat: z, graph: cyclic }
  expect(evaluated({ ...input, learned: one }).verdict._tag).toBe('Kept')
  const { verdict, latents } = evaluated({ ...input, learned: two })
  expect(verdict).toMatchObject({
    _tag: 'Broken',
    latents: [],
    reasons: [expect.stringContaining('in 2 edges')]
  })
  expect(latents.every(({ kept }) => kept)).toBe(true)
  const strict = evaluated({ ...input, learned: one }, { ...quick, thresholds: { shd: 0 } })
  expect(strict.verdict._tag).toBe('Broken')
  expect(strict.thresholds).toEqual({ correlation: 0.9, shd: 0, chance: 0.5, margin: 0.01, level: 0.05 })
})

it('noise keeps nothing, and scores as chance does', () => {
  const { verdict, comparison, latents } = evaluated({ z, zHat: noise(ROWS, 3), graph: cyclic })
  expect(verdict).toMatchObject({ _tag: 'Broken', latents: [0, 1, 2] })
  expect(latents.every(({ kept }) => kept === false)).toBe(true)
  expect(comparison?.mcc.value).toBeLessThan(0.06)
  expect(Math.abs(comparison!.mcc.value - comparison!.mcc.chance)).toBeLessThan(0.04)
  expect(comparison!.violations.length).toBeLessThanOrEqual(2)
})

describe('other numbers of latents', () => {
  it('fewer: a latent that nothing stands for breaks the promise', () => {
    const zHat = mixed(z, [
      [0, 1, 0],
      [0, 0, 1]
    ])
    const learned = { actions: [truth.actions[1], truth.actions[2]] }
    const { verdict, comparison, latents } = evaluated({ z, zHat, graph: cyclic, learned })
    expect(comparison?.assignment).toEqual([-1, 0, 1])
    expect(comparison?.graph).toBeUndefined()
    expect(comparison?.learned).toBeUndefined()
    expect(verdict).toMatchObject({
      _tag: 'Broken',
      latents: [0],
      reasons: expect.arrayContaining(['No learned latent is matched to z0.'])
    })
    expect(latents[0]).toMatchObject({ learned: -1, correlation: 0, kept: false })
    expect(latents[0].sentence).toContain('no learned latent is matched to it')
    expect(latents[1].kept).toBe(true)
    expect(comparison?.mcc.value).toBeCloseTo(2 / 3, 10)
    expect(scoreRows(comparison!)[0].name).toBe('MCC (1 of 3 without a partner)')
  })

  it('one for three: MCC stays below R, and no latent is called kept', () => {
    const zHat = mixed(z, [[1, 1, 1]])
    const { comparison, latents, verdict } = evaluated({ z, zHat, graph: cyclic })
    expect(comparison!.mcc.value).toBeLessThan(comparison!.r.value)
    expect(comparison!.mcc.interval[1]).toBeLessThanOrEqual(1 / 3)
    expect(comparison!.mcc.chance).toBeLessThan(0.05)
    expect(latents.every(({ kept }) => kept === false)).toBe(true)
    expect(verdict).toMatchObject({ _tag: 'Broken', latents: [0, 1, 2] })
    expect(pointScores({ z, zHat })).toMatchObject({ right: { mcc: comparison!.mcc.value } })
  })

  it('more: the best ones are taken', () => {
    const zHat = mixed(z, [
      [1, 1, 1],
      [0, 0, 1],
      [1, 0, 0],
      [0, 1, 0]
    ])
    const learned = { actions: [[1, 1, 1], truth.actions[2], truth.actions[0], truth.actions[1]] }
    const { verdict, comparison } = evaluated({ z, zHat, graph: cyclic, learned })
    expect(comparison?.assignment).toEqual([2, 3, 1])
    expect(comparison?.learned).toEqual(truth)
    expect(verdict._tag).toBe('Kept')
  })
})

describe('nothing can be told', () => {
  const lacking = orThrow(problem('ActionNonDiag (no sufficient variability)', { latents: 3 }))
  const doubt = (input: EvaluationInput) => evaluated(input).verdict

  it.each<[string, EvaluationInput]>([
    ['no true graph', { z, zHat: z, learned: truth }],
    ['influence not sufficient', { z, zHat: z, graph: lacking, learned: truth }],
    ['nothing promised', { z, zHat: z, graph: { actions: [[1], [1], [1]] } }],
    ['hypothesis rejected', { z, zHat: z, graph: cyclic, hypothesisRejected: true }],
    ['no true latents', { zHat: z, graph: cyclic, learned: truth }],
    ['too few rows', { z: drawn(cyclic, 5), zHat: noise(5, 3), graph: cyclic }]
  ])('%s', (why, input) => {
    expect(doubt(input)).toMatchObject({ _tag: 'CannotTell', doubt: why })
    expect(evaluated(input).latents.every(({ kept }) => kept === undefined)).toBe(true)
  })

  it('theory is told all the same', () => {
    const { theory, learnedPrediction, comparison, latents } = evaluated({
      zHat: z,
      graph: cyclic,
      learned: paired
    })
    expect(theory?.promise).toBe('complete')
    expect(learnedPrediction?.blocks).toEqual([[0, 1], [2]])
    expect(comparison).toBeUndefined()
    expect(latents).toEqual([])
  })

  it('without any graph there are scores and no pattern', () => {
    const { comparison } = evaluated({ z, zHat: swapped })
    expect(comparison?.mcc.value).toBeCloseTo(1, 10)
    expect(comparison?.rCon).toBeUndefined()
    expect(comparison?.pattern).toBeUndefined()
  })

  it('without a true graph the pattern is that of the learned one', () => {
    const blocks = noise(ROWS, 3)
    const { comparison } = evaluated({ z: blocks, zHat: mixed(blocks, turned), learned: paired })
    expect(comparison?.rCon?.value).toBeCloseTo(1, 8)
    expect(comparison?.graph).toBeUndefined()
  })

  it('a kernel without a finite law promises nothing', () => {
    const law = { latents: 2, actions: 2, scale: 1 } as const
    const broken = orThrow(kernel({ ...law, location: (F, _, [a, b]) => [F.log(a), b] }))
    expect(evaluated({ zHat: noise(20, 2), graph: broken })).toMatchObject({
      theory: { influence: 'undecidable' },
      verdict: { doubt: 'influence not sufficient' }
    })
  })
})

describe('R_con by kernel regression', () => {
  const bent: Samples = { ...z, data: z.data.map((x) => Math.sinh(3 * x)) }
  const few = { ...quick, kernel: { rows: 200, resamples: 3, permutations: 2 } }

  it('sees through bent maps, with an interval and a chance level if asked', () => {
    const { kernelRCon, rCon } = evaluated({ z, zHat: bent, graph: cyclic }, few).comparison!
    expect(kernelRCon!.value).toBeGreaterThan(rCon!.value)
    expect(kernelRCon!.interval![0]).toBeLessThanOrEqual(kernelRCon!.interval![1])
    expect(kernelRCon!.chance).toBeLessThan(0.5)
    expect(kernelRCon!.perLatent).toHaveLength(3)
  }, 60_000)

  it('has neither if not', () => {
    const answer = evaluated({ z, zHat: bent, graph: cyclic }, { ...quick, kernel: { rows: 100 } })
    expect(answer.comparison?.kernelRCon).not.toHaveProperty('interval')
    expect(answer.comparison?.kernelRCon).not.toHaveProperty('chance')
  }, 60_000)
})

describe('bad input', () => {
  const at = (value: number): Samples => ({ ...z, data: z.data.map((x, i) => (i === 7 ? value : x)) })
  const cases: [string, EvaluationInput, EvaluationOptions, string, RegExp][] = [
    [
      'rows that differ',
      { z, zHat: noise(9, 3) },
      {},
      'ShapeMismatch',
      /^evaluate: zHat is \[9, 3\], expected 2000 rows/
    ],
    ['data that do not fit a shape', { zHat: { ...z, shape: [3, 3] } }, {}, 'ShapeMismatch', /zHat/],
    ['three rows', { zHat: noise(3, 3) }, {}, 'TooFewRows', /evaluate: 3 rows/],
    ['NaN in zHat', { z, zHat: at(Number.NaN) }, {}, 'NotFinite', /evaluate: zHat is NaN at row 2, column 1/],
    [
      'infinity in z',
      { z: at(Number.POSITIVE_INFINITY), zHat: z },
      {},
      'NotFinite',
      /evaluate: z is Infinity/
    ],
    [
      'a graph of another size',
      { z, zHat: z, graph: { actions: [[1], [1]] } },
      {},
      'ShapeMismatch',
      /size of the true graph is 2, expected 3/
    ],
    [
      'a kernel of another size',
      { z: noise(ROWS, 2), zHat: z, graph: cyclic },
      {},
      'ShapeMismatch',
      /true graph is 3/
    ],
    [
      'a learned graph of another size',
      { z, zHat: z, learned: { actions: [[1]] } },
      {},
      'ShapeMismatch',
      /size of the learned graph is 1/
    ],
    [
      'a true graph that is not binary',
      { z, zHat: z, graph: { actions: [[1], [2], [0]] } },
      {},
      'NotBinary',
      /the true graph: /
    ],
    [
      'a learned graph that is not binary',
      { zHat: z, learned: { actions: [[1], [0.5], [0]] } },
      {},
      'NotBinary',
      /the learned graph: /
    ],
    ['an empty graph', { zHat: z, graph: {} }, {}, 'ShapeMismatch', /the true graph/],
    [
      'other actions',
      { z, zHat: z, graph: cyclic, learned: paired },
      {},
      'ShapeMismatch',
      /learned\.actions/
    ],
    ['no rows to resample', { zHat: z }, { rows: 1 }, 'InvalidOption', /evaluate: rows is 1/],
    ['no resamples', { zHat: z }, { resamples: 0 }, 'InvalidOption', /resamples/],
    ['half a permutation', { zHat: z }, { permutations: 0.5 }, 'InvalidOption', /permutations/],
    ['two kernel rows', { zHat: z }, { kernel: { rows: 2 } }, 'InvalidOption', /kernel\.rows/],
    [
      'a correlation above 1',
      { zHat: z },
      { thresholds: { correlation: 1.5 } },
      'InvalidOption',
      /thresholds\.correlation is 1.5/
    ],
    ['a seed that is none', { zHat: z }, { seed: -1 }, 'InvalidOption', /seed/]
  ]

  it.each(cases)('%s', (_, input, options, tag, words) => {
    const result = evaluate(input, { ...quick, ...options })
    expect(result).toMatchObject({ _tag: 'Left', left: { _tag: tag } })
    if (result._tag === 'Left') expect(result.left.message).toMatch(words)
  })

  it('of point scores names them', () => {
    expect(pointScores({ z, zHat: noise(9, 3) })).toMatchObject({ left: { where: 'pointScores' } })
  })
})

describe('point scores', () => {
  it('are those of the evaluation', () => {
    const input = {
      z,
      zHat: mixed(z, [
        [1, 0.2, 0],
        [0, 1, 0.1],
        [0, 0, 1]
      ]),
      graph: cyclic,
      learned: truth
    }
    const { mcc, r, rCon, graph, assignment } = evaluated(input).comparison!
    expect(orThrow(pointScores(input))).toEqual({
      mcc: mcc.value,
      rCon: rCon?.value,
      r: r.value,
      shd: graph?.shd,
      assignment
    })
  })

  it('need no graph', () => {
    expect(Object.keys(orThrow(pointScores({ z, zHat: z })))).toEqual(['mcc', 'r', 'assignment'])
  })
})

it('score rows are the scores that there are, in order', () => {
  const all = evaluated({ z, zHat: z, graph: cyclic, learned: truth }, { ...quick, kernel: { rows: 100 } })
  const rows = scoreRows(all.comparison!)
  expect(rows.map(({ name }) => name)).toEqual(['MCC', 'R_con', 'R_con, kernel', 'R', 'SHD'])
  expect(rows[4]).toMatchObject({ value: 0, chance: 4, detail: '0 extra, 0 missing' })
  expect(rows[1]).not.toHaveProperty('perLatent')
  const bare = evaluated({ z, zHat: z }).comparison!
  expect(scoreRows(bare).map(({ score }) => score)).toEqual(['mcc', 'r'])
}, 60_000)
