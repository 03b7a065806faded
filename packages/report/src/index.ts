export type { GraphPicture, MetricRow, Picture, ReportContent, Table } from './content.js'
export { message, type ReportError, showReportError } from './errors.js'
export { renderHtml, renderPictures } from './report.js'
export { thin } from './thinning.js'
