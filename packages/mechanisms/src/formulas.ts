/** Mechanisms and kernels written out, one line a latent. Latents and actions count from 1. */
import type { Elementary } from './elementary.js'
import type { Kernel } from './kernel.js'
import type { Mechanism } from './mechanism.js'
import { type Expression, symbol } from './readings/expression.js'

const symbols = (letter: string, count: number, suffix = ''): Expression[] =>
  Array.from({ length: count }, (_, i) => symbol(`${letter}_${i + 1 < 10 ? i + 1 : `{${i + 1}}`}${suffix}`))

const pastSymbols = (kernel: Kernel): Expression[] =>
  Array.from({ length: kernel.lags }, (_, lag) =>
    symbols('z', kernel.latents, kernel.lags > 1 ? `(t-${lag + 1})` : '')
  ).flat()

/**
 * The formulas of a mechanism, in the reading `text` or `latex`.
 *
 * @example
 * formulas(text, pendulum) // ["z_1' = …", "z_2' = …"]
 */
export const formulas = (F: Elementary<Expression>, m: Mechanism): string[] =>
  m.step(F, symbols('z', m.latents), symbols('a', m.actions)).map((value, i) => `z_${i + 1}' = ${value.text}`)

/** The formulas of a kernel: location, scale and law of each latent. */
export const kernelFormulas = (F: Elementary<Expression>, kernel: Kernel): string[] => {
  const past = pastSymbols(kernel)
  const a = symbols('a', kernel.actions)
  const scale = kernel.scale(F, past, a)
  return kernel.location(F, past, a).map((value, i) => {
    const target = kernel.lags === 0 ? `z_${i + 1}` : `z_${i + 1}'`
    return `${target} = ${value.text} + ${F.mul(scale[i], symbol(`u_${i + 1}`)).text}, u_${i + 1} ~ ${kernel.noise[i].name}`
  })
}
