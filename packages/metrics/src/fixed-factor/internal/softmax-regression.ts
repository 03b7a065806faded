/** A linear classifier: multinomial logistic regression. */

/** Rows of features [n, p], standardized, and their classes. */
export interface Labelled {
  readonly features: Float64Array
  readonly columns: number
  readonly labels: Int32Array
  readonly classes: number
}

/** Weights [classes, p + 1], the last column the intercepts. */
export type SoftmaxWeights = Float64Array

/** Scores of the classes for one row of features. */
const scoresOf = (
  weights: SoftmaxWeights,
  features: Float64Array,
  row: number,
  columns: number,
  out: Float64Array
): void => {
  for (let c = 0; c < out.length; c++) {
    const base = c * (columns + 1)
    let sum = weights[base + columns]
    for (let j = 0; j < columns; j++) sum += weights[base + j] * features[row * columns + j]
    out[c] = sum
  }
}

const softmax = (scores: Float64Array): void => {
  let most = scores[0]
  for (let c = 1; c < scores.length; c++) if (scores[c] > most) most = scores[c]
  let sum = 0
  for (let c = 0; c < scores.length; c++) {
    scores[c] = Math.exp(scores[c] - most)
    sum += scores[c]
  }
  for (let c = 0; c < scores.length; c++) scores[c] /= sum
}

/** The gradient of the mean negative log-likelihood and of the penalty: 4 · n · p · classes flops. */
const gradient = (
  { features, columns, labels, classes }: Labelled,
  weights: SoftmaxWeights,
  penalty: number,
  out: Float64Array
): void => {
  const probabilities = new Float64Array(classes)
  out.fill(0)
  for (let i = 0; i < labels.length; i++) {
    scoresOf(weights, features, i, columns, probabilities)
    softmax(probabilities)
    for (let c = 0; c < classes; c++) {
      const excess = (probabilities[c] - (labels[i] === c ? 1 : 0)) / labels.length
      const base = c * (columns + 1)
      for (let j = 0; j < columns; j++) out[base + j] += excess * features[i * columns + j]
      out[base + columns] += excess
    }
  }
  // Intercepts are free, so that the answer does not depend on where the features' origin is.
  for (let c = 0; c < classes; c++) {
    for (let j = 0; j < columns; j++) out[c * (columns + 1) + j] += penalty * weights[c * (columns + 1) + j]
  }
}

/**
 * Minimizes mean negative log-likelihood + ½ penalty ‖W‖² by Nesterov's accelerated gradient descent (Y. Nesterov
 * 1983) with restarts (B. O'Donoghue, E. Candès 2015). The step is 1/L with L ≤ ½(p + 1) + penalty for standardized
 * features: their second moments have trace p + 1, and softmax has curvature ½ at most.
 */
export const fitSoftmax = (data: Labelled, penalty: number, steps: number): SoftmaxWeights => {
  const size = data.classes * (data.columns + 1)
  const step = 1 / (0.5 * (data.columns + 1) + penalty)
  let weights = new Float64Array(size)
  const ahead = new Float64Array(size)
  const slope = new Float64Array(size)
  let momentum = 1
  for (let s = 0; s < steps; s++) {
    gradient(data, ahead, penalty, slope)
    const next = ahead.map((w, p) => w - step * slope[p])
    let uphill = 0
    for (let p = 0; p < size; p++) uphill += slope[p] * (next[p] - weights[p])
    const grown = uphill > 0 ? 1 : (1 + Math.sqrt(1 + 4 * momentum ** 2)) / 2
    const carry = uphill > 0 ? 0 : (momentum - 1) / grown
    for (let p = 0; p < size; p++) ahead[p] = next[p] + carry * (next[p] - weights[p])
    weights = next
    momentum = grown
  }
  return weights
}

/** The share of rows whose most probable class is theirs. */
export const softmaxAccuracy = (
  weights: SoftmaxWeights,
  { features, columns, labels, classes }: Labelled
): number => {
  const scores = new Float64Array(classes)
  let right = 0
  for (let i = 0; i < labels.length; i++) {
    scoresOf(weights, features, i, columns, scores)
    if (scores.indexOf(Math.max(...scores)) === labels[i]) right++
  }
  return right / labels.length
}
