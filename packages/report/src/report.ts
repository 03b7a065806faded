/** Pictures and the one-file HTML report. */
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Picture, ReportContent } from './content.js'
import { checkContent } from './content-checks.js'
import type { ReportError } from './errors.js'
import { page } from './page.js'
import { type Plan, plansOf } from './plans.js'
import { renderSvg } from './render.js'
import { picture, themed } from './svg/picture.js'

const drawn = (plan: Plan): TE.TaskEither<ReportError, Picture> => {
  const { name, heading, caption, description } = plan
  const told = { name, heading, caption }
  if ('drawing' in plan)
    return TE.right({ ...told, svg: picture(plan.drawing, heading, description ?? caption) })
  return TE.map((svg: string): Picture => ({ ...told, svg: themed(svg, heading) }))(
    renderSvg(name, plan.spec)
  )
}

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
    TE.flatMap((sound) => TE.traverseArray(drawn)(plansOf(sound)))
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
