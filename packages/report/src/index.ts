export type { GraphPicture, MetricRow, ReportContent, Table } from './content.js'
export { message, type ReportError, showReportError } from './errors.js'
export { type Picture, renderHtml, renderPictures } from './report.js'
export { thin } from './thinning.js'
