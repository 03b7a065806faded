/** How columns are brought to mean 0 and variance 1: (x − mean) / scale. */
export interface Standardization {
  /** One entry a column. */
  readonly mean: readonly number[]
  /** Standard deviations, with 1/n. 0 for a column that does not vary: of it (x − mean) is left as it is. */
  readonly scale: readonly number[]
}
