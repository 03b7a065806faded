/** Every error names the function that was called and says what was given and what would be right. */
import { type Samples, showError } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  betaVaeScore,
  bootstrap,
  correlations,
  dci,
  equivarianceError,
  equivarianceErrorOf,
  factorVaeScore,
  forestRegressor,
  groupsOfRows,
  heldOutRows,
  importanceScores,
  irs,
  kernelR,
  kernelRCon,
  lassoRegressor,
  linearR,
  type MetricError,
  mcc,
  mccChance,
  measuredEntanglement,
  mig,
  modularity,
  moduloGroup,
  moduloIsometry,
  mutualInformation,
  pairwiseMcc,
  rCon,
  sap,
  shd,
  shdAfterAssignment,
  udr
} from '../src/index.js'
import { normals } from './inputs.js'

const z = normals(10, 2, 1)
const nine = normals(9, 2, 1)
const wide = normals(10, 3, 1)
const one = normals(1, 2, 1)
const spoilt: Samples = { data: z.data.map((x, i) => (i === 7 ? Number.NaN : x)), shape: z.shape }
const square = [
  [1, 0],
  [0, 1]
]

type Case = readonly [tag: MetricError['_tag'], result: E.Either<MetricError, unknown>, words: string]

const shapes: readonly Case[] = [
  [
    'ShapeMismatch',
    mcc({ data: z.data, shape: [3, 2] }, z),
    'mcc: z is 20 numbers, expected 6 for shape [3, 2]'
  ],
  [
    'ShapeMismatch',
    mcc({ data: new Float64Array(0), shape: [0, 2] }, z),
    'mcc: z is [0, 2], expected an array of rank 2, no side of it empty'
  ],
  ['ShapeMismatch', correlations(z, nine), 'correlations: zHat is [9, 2], expected 10 rows, as z has'],
  [
    'ShapeMismatch',
    modularity(normals(9, 1, 0), nine),
    'modularity: z is [9, 1], expected two columns or more; with one there is no other to tell about'
  ],
  ['ShapeMismatch', pairwiseMcc([z]), 'pairwiseMcc: the number of models is 1, expected two or more'],
  ['ShapeMismatch', udr([z, z, nine]), 'udr: models[2] is [9, 2], expected 10 rows, as models[0] has'],
  [
    'ShapeMismatch',
    udr([z, wide], { informative: [[true], [true, true, true]] }),
    'udr: informative is a mask of [1, 3] latents, expected one of [2, 3], as the models have'
  ],
  [
    'ShapeMismatch',
    moduloIsometry(z, wide, 'orthogonal'),
    'moduloIsometry: zHat is [10, 3], expected 2 columns, as z has'
  ],
  [
    'ShapeMismatch',
    moduloGroup(z, z, { basis: [square, [[1, 0]]] }),
    'moduloGroup: basis[1] is 1 × 2, expected 2 × 2, or 2 × 3 with a shift'
  ],
  ['ShapeMismatch', shd(square, [[1, 0]]), 'shd: the length of predicted is 1, expected 2'],
  ['ShapeMismatch', rCon(z, z, [[1], [0, 1]], [0, 1]), 'rCon: the length of pattern[0] is 1, expected 2'],
  [
    'ShapeMismatch',
    kernelRCon(z, z, square, [0]),
    'kernelRCon: the length of assignment is 1, expected 2, one for each true latent'
  ],
  [
    'ShapeMismatch',
    importanceScores([]),
    'importanceScores: importances is an empty table, expected one row or more, none of them empty'
  ],
  [
    'ShapeMismatch',
    importanceScores([[1, 2], [1]]),
    'importanceScores: the length of importances[1] is 1, expected 2, as that of importances[0]'
  ],
  [
    'ShapeMismatch',
    equivarianceError({ start: z, moved: wide, predicted: z }),
    'equivarianceError: moved = a(m(z)) is [10, 3], expected [10, 2], as a(z) has'
  ],
  [
    'ShapeMismatch',
    factorVaeScore({ factors: 2, sampleCodes: () => z }, { votes: 3, size: 4 }),
    'factorVaeScore: what sampleCodes gives for factor 0 is [10, 2], expected 12 rows'
  ],
  [
    'ShapeMismatch',
    betaVaeScore(
      { factors: 2, sampleCodes: ({ factor }) => (factor === 0 ? z : wide) },
      { points: 1, pairs: 5 }
    ),
    'betaVaeScore: what sampleCodes gives for factor 1 is [10, 3], expected 2 columns, as for factor 0'
  ]
]

const rows: readonly Case[] = [
  ['TooFewRows', mcc(one, one), 'mcc: 1 row, at least 2 are needed'],
  ['TooFewRows', heldOutRows(3), 'heldOutRows: 3 rows, at least 4 are needed'],
  ['TooFewRows', kernelR(normals(3, 1, 0), normals(3, 1, 1)), 'kernelR: 3 rows, at least 4 are needed'],
  [
    'TooFewRows',
    linearR(z, z, { fit: [0, 1], score: [2] }),
    'linearR (heldOut.score): 1 row, at least 2 are needed'
  ],
  [
    'TooFewRows',
    groupsOfRows(normals(8, 1, 0), normals(8, 1, 1), { bins: 8 }),
    'groupsOfRows (rows of equal value of factor 0 to fit on): 1 row, at least 2 are needed'
  ]
]

const values: readonly Case[] = [
  ...(
    [
      ['mcc', mcc],
      ['correlations', correlations],
      ['mccChance', mccChance],
      ['linearR', linearR],
      ['kernelR', kernelR],
      ['mig', mig],
      ['modularity', modularity],
      ['mutualInformation', mutualInformation],
      ['sap', sap],
      ['irs', irs],
      ['dci', dci],
      ['groupsOfRows', groupsOfRows]
    ] as const
  ).map(
    ([name, score]): Case => [
      'NotFinite',
      score(z, spoilt),
      `${name}: zHat is NaN at row 3, column 1 (counted from 0), expected finite numbers`
    ]
  ),
  [
    'NotFinite',
    measuredEntanglement(spoilt, z, [0, 1]),
    'measuredEntanglement: z is NaN at row 3, column 1 (counted from 0), expected finite numbers'
  ],
  [
    'NotFinite',
    pairwiseMcc([z, spoilt]),
    'pairwiseMcc: models[1] is NaN at row 3, column 1 (counted from 0), expected finite numbers'
  ],
  [
    'NotFinite',
    equivarianceErrorOf(z, { learned: (x) => x, mechanism: () => spoilt }),
    'equivarianceErrorOf: moved = a(m(z)) is NaN at row 3, column 1 (counted from 0), expected finite numbers'
  ],
  [
    'NotFinite',
    importanceScores([
      [1, 2],
      [0, Number.POSITIVE_INFINITY]
    ]),
    'importanceScores: importances is Infinity at row 1, column 1 (counted from 0), expected finite numbers'
  ],
  [
    'Degenerate',
    equivarianceErrorOf(z, { learned: (x) => x, mechanism: (x) => x }),
    'equivarianceErrorOf: a(m(z)) − a(z) is 0 on every row, expected a(m(z)) to differ from a(z) on some row'
  ]
]

const graphs: readonly Case[] = [
  [
    'NotBinary',
    shd(square, [
      [1, 0],
      [0.5, 1]
    ]),
    'shd: predicted[1][0] is 0.5, expected 0 or 1'
  ],
  [
    'NotBinary',
    shdAfterAssignment({ latents: [[2]] }, { latents: [[1]] }, [0]),
    'shdAfterAssignment: target.latents[0][0] is 2, expected 0 or 1'
  ],
  [
    'BadAssignment',
    rCon(z, z, square, [0, 0]),
    'rCon: assignment is [0, 0], expected each of 0 to 1 at most once, −1 for none'
  ],
  [
    'BadAssignment',
    measuredEntanglement(z, z, [0, 2]),
    'measuredEntanglement: assignment is [0, 2], expected each of 0 to 1 at most once, −1 for none'
  ],
  [
    'BadAssignment',
    shdAfterAssignment({ latents: square }, { latents: square }, [0, -1]),
    'shdAfterAssignment: assignment is [0, -1], expected a learned latent for each true one'
  ]
]

const source = { factors: 2, sampleCodes: () => z }

const options: readonly Case[] = [
  ['InvalidOption', mig(z, z, { bins: 1 }), 'mig: bins is 1, expected an integer of 2 or more'],
  ['InvalidOption', irs(z, z, { quantile: 0 }), 'irs: quantile is 0, expected above 0 and at most 1'],
  [
    'InvalidOption',
    heldOutRows(10, { fitShare: 1 }),
    'heldOutRows: fitShare is 1, expected above 0 and below 1'
  ],
  [
    'InvalidOption',
    sap(z, z, { evaluation: { fit: [0, 1], score: [2, 10] } }),
    'sap: evaluation.score[1] is 10, expected a row of 0 to 9, each in one of the two sets'
  ],
  [
    'InvalidOption',
    groupsOfRows(z, z, { heldOut: { fit: [0, 1], score: [1, 2] } }),
    'groupsOfRows: heldOut.score[0] is 1, expected a row of 0 to 9, each in one of the two sets'
  ],
  [
    'InvalidOption',
    kernelR(z, z, { bandwidth: [1, 0] }),
    'kernelR: bandwidth is [1, 0], expected a number of 0.001 or more, or a list of such'
  ],
  [
    'InvalidOption',
    kernelR(z, z, { regularization: 0 }),
    'kernelR: regularization is 0, expected a number of 1e-8 or more, or a list of such'
  ],
  [
    'InvalidOption',
    mccChance(z, z, { permutations: 0 }),
    'mccChance: permutations is 0, expected a positive integer'
  ],
  ['InvalidOption', bootstrap(0, () => E.right(0)), 'bootstrap: rows is 0, expected a positive integer'],
  [
    'InvalidOption',
    bootstrap(9, () => E.right(0), { level: 1 }),
    'bootstrap: level is 1, expected above 0 and below 1'
  ],
  ['InvalidOption', udr([z, z], { penalty: -1 }), 'udr: penalty is -1, expected 0 or more'],
  [
    'InvalidOption',
    dci(z, z, { regressor: lassoRegressor({ penalty: Number.NaN }) }),
    'lassoRegressor: penalty is NaN, expected 0 or more'
  ],
  [
    'InvalidOption',
    dci(z, z, { regressor: forestRegressor({ bins: 300 }) }),
    'forestRegressor: bins is 300, expected 2 to 256'
  ],
  [
    'InvalidOption',
    factorVaeScore(source, { size: 1 }),
    'factorVaeScore: size is 1, expected an integer of 2 or more'
  ],
  ['InvalidOption', betaVaeScore(source, { penalty: 0 }), 'betaVaeScore: penalty is 0, expected above 0'],
  [
    'InvalidOption',
    importanceScores([[1, -2]]),
    'importanceScores: importances[0][1] is -2, expected 0 or more'
  ]
]

describe.each([
  ['sizes', shapes],
  ['numbers of rows', rows],
  ['values', values],
  ['graphs and assignments', graphs],
  ['options', options]
])('errors of %s', (_, cases) => {
  it.each(cases)('%s', (tag, result, words) => {
    expect(result).toMatchObject({ _tag: 'Left', left: { _tag: tag } })
    if (E.isLeft(result)) expect(showError.show(result.left)).toBe(words)
  })
})

it('a regressor of the user’s own is held to what importances are', () => {
  const negative = dci(z, z, {
    regressor: () => E.right({ importances: [1, -1], predict: ({ shape }) => new Float64Array(shape[0]) })
  })
  expect(negative).toMatchObject({
    left: { _tag: 'InvalidOption', message: 'dci: importances[1][0] is -1, expected 0 or more' }
  })
})
