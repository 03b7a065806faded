/** Mechanisms and kernels written out, one line a latent. Latents and actions count from 0, as in graphs. */
import type { Elementary } from './elementary.js'
import type { Kernel } from './kernel.js'
import type { Mechanism } from './mechanism.js'
import { type Expression, symbol } from './readings/expression.js'
import { type SharedTerms, writtenOut } from './readings/shared-terms.js'

/** `z_3`, `z_{12}`: text that LaTeX reads, too. */
const named = (letter: string, i: number): string => `${letter}_${i < 10 ? i : `{${i}}`}`

const symbols = (letter: string, count: number, suffix = ''): Expression[] =>
  Array.from({ length: count }, (_, i) => symbol(`${named(letter, i)}${suffix}`))

const pastSymbols = (kernel: Kernel): Expression[] =>
  Array.from({ length: kernel.lags }, (_, lag) =>
    symbols('z', kernel.latents, kernel.lags > 1 ? `(t-${lag + 1})` : '')
  ).flat()

const lines = (terms: SharedTerms['terms']): string[] => terms.map(([name, text]) => `${name} = ${text}`)

/**
 * The formulas of a mechanism, in the reading `text` or `latex`: one line a latent. Long ones are preceded by lines that
 * name what occurs more than once.
 *
 * @example
 * formulas(text, pendulum) // ["t_1 = …", …, "z_0' = …", "z_1' = …"]
 */
export const formulas = (F: Elementary<Expression>, { latents, actions, step }: Mechanism): string[] => {
  const inputs = [...symbols('z', latents), ...symbols('a', actions)]
  const { terms, outputs } = writtenOut(F, inputs, (G, x) => step(G, x.slice(0, latents), x.slice(latents)))
  return [...lines(terms), ...outputs.map((value, i) => `${named('z', i)}' = ${value.text}`)]
}

/** The formulas of a kernel: location, scale and law of each latent; shared terms first, as in `formulas`. */
export const kernelFormulas = (F: Elementary<Expression>, kernel: Kernel): string[] => {
  const past = pastSymbols(kernel)
  const inputs = [...past, ...symbols('a', kernel.actions)]
  const { terms, outputs } = writtenOut(F, inputs, (G, x) => {
    const [states, a] = [x.slice(0, past.length), x.slice(past.length)]
    return [...kernel.location(G, states, a), ...kernel.scale(G, states, a)]
  })
  const [location, scale] = [outputs.slice(0, kernel.latents), outputs.slice(kernel.latents)]
  return [
    ...lines(terms),
    ...location.map((value, i) => {
      const target = kernel.lags === 0 ? named('z', i) : `${named('z', i)}'`
      const u = named('u', i)
      return `${target} = ${value.text} + ${F.mul(scale[i], symbol(u)).text}, ${u} ~ ${kernel.noise[i].name}`
    })
  ]
}
