/** The results of a run as a page. */
import type { Cell, Chapter, ReportDocument } from '@mechid/report'
import { ball } from './ball.js'
import { lastPicture } from './observations.js'
import { framesPicture, scatterPicture } from './pictures.js'
import { type PixelPrediction, type PixelResult, pixelLatents } from './pixels.js'
import type { SmallerGroup } from './prediction.js'
import type { CaseResult, Measured } from './vectors.js'
import type { WalkPrediction, WalkRun } from './walks.js'

const digits = (value: number): string => value.toFixed(4)

/** A promise is kept if R² reaches this. */
export const PROMISED = 0.99

const range = (values: ReadonlyArray<number>): string => {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return values.length === 1 ? digits(low) : `${digits(low)} – ${digits(high)}`
}

const of = (runs: ReadonlyArray<Measured>, key: 'predicted' | 'affine'): string =>
  range(runs.map((run) => run[key]))

const smallerOf = (runs: ReadonlyArray<Measured>, name: SmallerGroup): string => {
  const values = runs.flatMap(({ smaller }) => smaller[name] ?? [])
  return values.length === 0 ? '–' : range(values)
}

export const casesHead = [
  'mechanism',
  'mixing',
  'dimension open',
  'signed permutations',
  'R² modulo prediction',
  'R² modulo one factor',
  'R² modulo nothing',
  'R² modulo affine'
]

export const caseRow = ({ one, prediction, runs }: CaseResult): string[] => [
  one.name,
  one.mixing,
  String(prediction.answer.dimension),
  String(prediction.order),
  of(runs, 'predicted'),
  smallerOf(runs, 'one factor'),
  smallerOf(runs, 'nothing'),
  of(runs, 'affine')
]

/** The row, with the measured R² coloured by whether the promise was kept. */
const coloured = (row: string[], good: boolean): (string | Cell)[] =>
  row.map((text, i) => (i === 4 ? { text, tone: good ? 'good' : 'bad' } : text))

const kept = ({ runs }: CaseResult): boolean => runs.every(({ predicted }) => predicted >= PROMISED)

export const vectorsChapter = (results: ReadonlyArray<CaseResult>): Chapter => ({
  id: 'vectors',
  heading: 'Vectors',
  blocks: [
    {
      kind: 'text',
      text: 'Each mechanism moves the latents once; both states are seen through an unknown mixing. Predicted before training: the affine maps that commute with the mechanism, by the dimension of their Lie algebra and the number of signed permutations. Measured on held-out rows: R² between true and learned latents after the best such map, fitted on half of the rows, is undone; and the same with a smaller group: one common factor, or nothing. If theory is right, the former is 1 for every seed. The latter is lower, except for a seed that lands near the truth by chance.'
    },
    {
      kind: 'table',
      head: casesHead,
      rows: results.map((result) => coloured(caseRow(result), kept(result)))
    },
    {
      kind: 'text',
      text: 'Behind a linear mixing the encoder is linear, so only affine maps can stay open. Behind a polynomial mixing the encoder is a network; there we test only mechanisms without further continuous equivariances. A rotation alone, seen through a network, would also leave open twists that depend on the radius.'
    }
  ],
  sections: []
})

export const walksHead = [
  'noise',
  'dimension open',
  'signed permutations',
  'seed',
  'MCC',
  'R² modulo isometries',
  'R² modulo signed permutations'
]

export const walkRows = (
  predictions: ReadonlyArray<WalkPrediction>,
  runs: ReadonlyArray<WalkRun>
): string[][] =>
  runs.map((run) => {
    const prediction = predictions.find(({ noise }) => noise === run.noise)
    return [
      run.noise,
      String(prediction?.dimension ?? ''),
      String(prediction?.order ?? ''),
      String(run.seed),
      digits(run.mcc),
      digits(run.isometries),
      digits(run.signedPermutations)
    ]
  })

export const walksChapter = (
  predictions: ReadonlyArray<WalkPrediction>,
  runs: ReadonlyArray<WalkRun>
): Chapter => ({
  id: 'walks',
  heading: 'Random walks',
  blocks: [
    {
      kind: 'text',
      text: 'Four latents walk at random, in Gaussian or in Laplace steps; the encoder is learned by likelihood. Gaussian steps look the same in every direction: rotations and shifts stay open (dimension 10), and each latent is found only as a mixture. Laplace steps have axes: only shifts (dimension 4) and signed permutations stay open, and MCC is near 1.'
    },
    { kind: 'table', head: walksHead, rows: walkRows(predictions, runs) }
  ],
  sections: []
})

export const pixelsHead = ['latent', 'R² exact', 'R² modulo shifts', 'R² modulo affine']

export const pixelRows = (result: PixelResult): string[][] =>
  pixelLatents.map((name, i) => [
    name,
    digits(result.exact[i]),
    digits(result.shifts[i]),
    digits(result.affine[i])
  ])

const SHOWN = 8

const seenFrames = (result: PixelResult): string => {
  const rows = result.z.shape[0]
  const frames = Array.from({ length: SHOWN }, (_, i) => {
    const row = Math.floor(((i + 0.5) * rows) / SHOWN)
    const place = ({ data }: typeof result.z): [number, number] => [data[4 * row], data[4 * row + 1]]
    return { pixels: lastPicture(result.x, row), truth: place(result.z), found: place(result.zHat) }
  })
  return framesPicture(frames, 4)
}

export const pixelPictures = (
  result: PixelResult
): { readonly frames: string; readonly scatter: string } => ({
  frames: seenFrames(result),
  scatter: scatterPicture(result.z, result.zHat, pixelLatents)
})

export const pixelsChapter = (prediction: PixelPrediction, result: PixelResult): Chapter => {
  const { frames, scatter } = pixelPictures(result)
  return {
    id: 'pixels',
    heading: 'A ball from its pictures',
    blocks: [
      {
        kind: 'text',
        text: `A physics engine moves a ball in a box, with gravity, bounces and a known push at each frame; each frame is drawn to 32 × 32 pixels. The encoder sees three frames at once, with the pushes between them. The form of the motion and the restitution of the walls are known; gravity is learned. Predicted: free flight under pushes leaves ${prediction.free} dimensions open (the origin of positions); with walls at known places ${prediction.walls} stay open, so positions and velocities are found as they are.`
      },
      { kind: 'table', head: pixelsHead, rows: pixelRows(result) },
      {
        kind: 'text',
        text: `Gravity ${result.gravity.toFixed(3)} (true ${ball.gravity}). Held-out frames: a ring where the ball is, a cross where it was found. No map was fitted.`
      },
      { kind: 'pictures', svgs: [frames] },
      {
        kind: 'text',
        text: 'Learned against true latents of held-out frames; no map was fitted. Velocities scatter most right after bounces: a ball a little further away would not have bounced yet.'
      },
      { kind: 'pictures', svgs: [scatter] }
    ],
    sections: []
  }
}

export const reportOf = (
  chapters: ReadonlyArray<Chapter>,
  { seed, engine, seconds }: { seed: number; engine: string; seconds: number }
): ReportDocument => ({
  title: 'Known mechanisms',
  subtitle: 'What they leave ambiguous, predicted before training and measured after it',
  opening: [],
  chapters,
  colophon: `Seed ${seed}; engine ${engine}; ${Math.round(seconds)} s.`
})
