/** Adam (D. Kingma, J. Ba 2015), in place, on a vector of parameters from `first` on. */
export const adam = (count: number) => {
  const [mean, square] = [new Float64Array(count), new Float64Array(count)]
  const [b1, b2] = [0.9, 0.999]
  let step = 0
  return (parameters: Float64Array, gradient: Float64Array, rate: number, first = 0): void => {
    step++
    const [c1, c2] = [1 - b1 ** step, 1 - b2 ** step]
    for (let k = first; k < count; k++) {
      const g = gradient[k]
      mean[k] = b1 * mean[k] + (1 - b1) * g
      square[k] = b2 * square[k] + (1 - b2) * g * g
      parameters[k] -= (rate * mean[k]) / c1 / (Math.sqrt(square[k] / c2) + 1e-8)
    }
  }
}
