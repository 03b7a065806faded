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
      'Negative evidence lower bound per example and feature, in nats. It may rise while edges are removed.',
    spec: lossPicture(content)
  },
  {
    name: 'edges.svg',
    heading: 'Edges',
    caption: 'Expected number of edges of the learned graph, and the bound it was held to.',
    spec: edgesPicture(content)
  },
  ...content.graphs.map((graph) => ({
    name: fileName(graph.title),
    heading: graph.title,
    caption:
      graph.truth === undefined
        ? 'Row = effect, column = cause. Blue: an edge.'
        : 'Row = effect, column = cause. Blue: an edge that was found; + an edge that is not there; − one that was missed.',
    spec: graphPicture(graph)
  })),
  ...(content.correlation === undefined
    ? []
    : [
        {
          name: 'correlation.svg',
          heading: 'True and learned latents',
          caption:
            'Absolute correlation on held-out rows, learned latents in the order of their true ones. A dark diagonal: one to one; what is beside it may be the true latents’ own correlation.',
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
            'Left: which learned latents a true one may depend on, by theory (an upper bound). Right: on which it does (|standardized coefficient|).',
          spec: entanglementPicture(content.entanglement)
        }
      ])
]

/**
 * Draws every picture of a report as an SVG that opens alone.
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
 * The report as one HTML file: no network, no script.
 *
 * Errors: those of `renderPictures`.
 */
export const renderHtml = (content: ReportContent): TE.TaskEither<ReportError, string> =>
  TE.map((pictures: ReadonlyArray<Picture>) => page(content, pictures))(renderPictures(content))
