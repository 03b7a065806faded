/** How columns get mean 0 and variance 1: (x − mean) / scale. */
export interface Standardization {
  /** One entry a column. */
  readonly mean: readonly number[]
  /** Standard deviations, by 1/n; 0 for a column that does not vary, for which (x − mean) is not divided. */
  readonly scale: readonly number[]
}
