/** Pictures and the one-file HTML report. */
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { TopLevelSpec } from 'vega-lite'
import { checkContent, type Picture, type ReportContent } from './content.js'
import type { ReportError } from './errors.js'
import { page } from './page.js'
import {
  correlationPicture,
  edgesPicture,
  entanglementPicture,
  graphPicture,
  lossPicture
} from './pictures.js'
import { renderSvg } from './render.js'

type Plan = Omit<Picture, 'svg'> & { readonly spec: TopLevelSpec }

const fileName = (title: string): string =>
  `${
    title
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'graph'
  }.svg`

const plans = (content: ReportContent): Plan[] => [
  {
    name: 'loss.svg',
    heading: 'Training',
    caption:
      'Negative evidence lower bound per example and feature, in nats. It can rise while edges are removed.',
    spec: lossPicture(content)
  },
  {
    name: 'edges.svg',
    heading: 'Edges',
    caption: 'Expected number of edges of the learned graph, and its bound.',
    spec: edgesPicture(content)
  },
  ...content.graphs.map((graph) => ({
    name: fileName(graph.title),
    heading: graph.title,
    caption:
      graph.truth === undefined
        ? 'Row = effect, column = cause. Blue: an edge.'
        : 'Row = effect, column = cause. Blue: an edge that was found; +: an extra edge; −: a missing one.',
    spec: graphPicture(graph)
  })),
  ...(content.correlation === undefined
    ? []
    : [
        {
          name: 'correlation.svg',
          heading: 'True and learned latents',
          caption:
            'Absolute correlation on held-out rows, learned latents in the order of the true ones. A dark diagonal: they match one to one. Off the diagonal, true latents’ own correlations can show.',
          spec: correlationPicture(content.correlation)
        }
      ]),
  ...(content.entanglement === undefined
    ? []
    : [
        {
          name: 'entanglement.svg',
          heading: 'Entanglement',
          caption:
            'Left: the learned latents that a true one may depend on by theory (an upper bound). Right: how strongly it does (|standardized coefficient|).',
          spec: entanglementPicture(content.entanglement)
        }
      ])
]

/**
 * Draws every picture of a report as an SVG file of its own.
 *
 * Use it for slides and papers; `renderHtml` puts the same pictures on a page. Vega is loaded at the first
 * call.
 *
 * Errors: `ShapeMismatch`, `NotFinite`, `DrawingFailed`.
 */
export const renderPictures = (content: ReportContent): TE.TaskEither<ReportError, ReadonlyArray<Picture>> =>
  pipe(
    TE.fromEither(checkContent(content)),
    TE.flatMap((sound) =>
      TE.traverseArray(({ spec, ...plan }: Plan) =>
        TE.map((svg: string): Picture => ({ ...plan, svg }))(renderSvg(plan.name, spec))
      )(plans(sound))
    )
  )

/**
 * The report of one training as one HTML file: no network, no script.
 *
 * Use it for one run with a prediction, a verdict, scores and curves; for anything else `renderDocument` takes blocks
 * of your own.
 *
 * Errors: those of `renderPictures`.
 */
export const renderHtml = (content: ReportContent): TE.TaskEither<ReportError, string> =>
  TE.map((pictures: ReadonlyArray<Picture>) => page(content, pictures))(renderPictures(content))
