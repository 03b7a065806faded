export type {
  EdgeSeeds,
  Fact,
  GraphPicture,
  LatentRow,
  MetricRow,
  PanelPicture,
  Picture,
  ReportContent,
  SensorMap,
  Table
} from './content.js'
export type { Block, Cell, Chapter, ReportDocument, Section, Tone } from './document.js'
export { renderDocument } from './document-page.js'
export type { ReportError } from './errors.js'
export { renderHtml, renderPictures } from './report.js'
export type { Panel, PanelGrid, Series } from './svg/panels.js'
export { thin } from './thinning.js'
