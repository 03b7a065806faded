/** Mechanisms and kernels written out, one line a latent. Latents and actions count from 0, as in graphs. */
import type { Elementary } from './elementary.js'
import type { Kernel } from './kernel.js'
import type { Mechanism } from './mechanism.js'
import { type Expression, symbol } from './readings/expression.js'

/** `z_3`, `z_{12}`: text that LaTeX reads, too. */
const named = (letter: string, i: number): string => `${letter}_${i < 10 ? i : `{${i}}`}`

const symbols = (letter: string, count: number, suffix = ''): Expression[] =>
  Array.from({ length: count }, (_, i) => symbol(`${named(letter, i)}${suffix}`))

const pastSymbols = (kernel: Kernel): Expression[] =>
  Array.from({ length: kernel.lags }, (_, lag) =>
    symbols('z', kernel.latents, kernel.lags > 1 ? `(t-${lag + 1})` : '')
  ).flat()

/**
 * The formulas of a mechanism, in the reading `text` or `latex`.
 *
 * @example
 * formulas(text, pendulum) // ["z_0' = …", "z_1' = …"]
 */
export const formulas = (F: Elementary<Expression>, m: Mechanism): string[] =>
  m
    .step(F, symbols('z', m.latents), symbols('a', m.actions))
    .map((value, i) => `${named('z', i)}' = ${value.text}`)

/** The formulas of a kernel: location, scale and law of each latent. */
export const kernelFormulas = (F: Elementary<Expression>, kernel: Kernel): string[] => {
  const past = pastSymbols(kernel)
  const a = symbols('a', kernel.actions)
  const scale = kernel.scale(F, past, a)
  return kernel.location(F, past, a).map((value, i) => {
    const target = kernel.lags === 0 ? named('z', i) : `${named('z', i)}'`
    const u = named('u', i)
    return `${target} = ${value.text} + ${F.mul(scale[i], symbol(u)).text}, ${u} ~ ${kernel.noise[i].name}`
  })
}
