/** Draws specifications as SVG text, without a browser. The one file that reaches for Vega. */
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { TopLevelSpec } from 'vega-lite'
import { drawingFailed, type ReportError } from './errors.js'

/** Vega is published as ES modules only; importing it when it is needed works from CommonJS, too. */
export const renderSvg = (name: string, spec: TopLevelSpec): TE.TaskEither<ReportError, string> =>
  TE.tryCatch(
    async () => {
      const [{ parse, View, Warn }, { compile }] = await Promise.all([import('vega'), import('vega-lite')])
      const view = new View(parse(compile(spec).spec), { renderer: 'none', logLevel: Warn })
      const svg = await view.toSVG()
      view.finalize()
      return svg
    },
    (thrown) => drawingFailed(name, thrown)
  )
