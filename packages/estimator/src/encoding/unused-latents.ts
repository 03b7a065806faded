/** Latents that nothing was put into: more were asked for than there are, or the training collapsed them. */
import type { Samples } from '@mechid/values'

/** A latent counts as unused if so little of its posterior's variance is between rows. */
const USED_SHARE = 0.1

/**
 * Latents, counted from 0, whose posterior is nearly the same in every row: less than a tenth of the variance of q(z_i | x),
 * taken over all rows, lies between rows. `posterior` [n, 2d]: means and log-variances side by side, as `posteriorRows`
 * gives them.
 *
 * When to use it: to see whether a model has more latents than it uses. `train` answers it for its own model.
 *
 * @example
 * unusedLatents(orThrow(await posteriorRows(engine, model, x)())) // [4]
 */
export const unusedLatents = ({ data, shape: [rows, width] }: Samples): readonly number[] => {
  const latents = width / 2
  return Array.from({ length: latents }, (_, i) => i).filter((i) => {
    let [mean, square, within] = [0, 0, 0]
    for (let row = 0, at = i; row < rows; row++, at += width) {
      mean += data[at] / rows
      square += data[at] ** 2 / rows
      within += Math.exp(data[at + latents]) / rows
    }
    const between = Math.max(0, square - mean ** 2)
    return between < USED_SHARE * (between + within)
  })
}
