import { orThrow } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  formulas,
  gaussian,
  kernelFormulas,
  latex,
  lotkaVolterra,
  type Mechanism,
  mechanism,
  number,
  pendulum,
  stochastic,
  text
} from '../src/index.js'

const swing = orThrow(pendulum({ stiffness: 9.81, dt: 0.3 }))
const prey = orThrow(lotkaVolterra({ alpha: 1, beta: 0.5, gamma: 0.7, delta: 0.3, dt: 0.2 }))

/** The value of formulas in plain text, line by line: products are juxtaposed, powers are `^`. */
const evaluated = (lines: ReadonlyArray<string>, z: ReadonlyArray<number>): number[] => {
  const known = new Map<string, number>(z.map((x, i) => [`z_${i}`, x]))
  const results: number[] = []
  for (const line of lines) {
    const [name, formula] = line.split(' = ')
    const value = new Parser(formula, known).sum()
    if (name.endsWith("'")) results.push(value)
    else known.set(name, value)
  }
  return results
}

/** Recursive descent over the notation that `text` writes. */
class Parser {
  private readonly tokens: string[]
  private at = 0
  constructor(
    formula: string,
    private readonly known: ReadonlyMap<string, number>
  ) {
    this.tokens = formula.match(/[tz]_(?:\d|\{\d+\})|sin|\d+(?:\.\d+)?(?:e[+-]\d+)?|[-+/^()]/g) ?? []
  }
  sum(): number {
    let value = this.product()
    while (this.tokens[this.at] === '+' || this.tokens[this.at] === '-')
      value += (this.tokens[this.at++] === '+' ? 1 : -1) * this.product()
    return value
  }
  private product(): number {
    let value = this.factor()
    for (;;) {
      const next = this.tokens[this.at]
      if (next === '/') {
        this.at++
        value /= this.factor()
      } else if (next === undefined || next === '+' || next === '-' || next === ')') return value
      else value *= this.factor()
    }
  }
  private factor(): number {
    const token = this.tokens[this.at++]
    if (token === '-') return -this.factor()
    if (token === 'sin') return Math.sin(this.factor())
    if (token === '(') {
      const value = this.sum()
      this.at++
      return value
    }
    return this.known.get(token) ?? Number(token)
  }
}

describe('long formulas', () => {
  it.each<[string, Mechanism]>([
    ['pendulum', swing],
    ['prey and predators', prey]
  ])('%s: readable, and still the mechanism', (_, m) => {
    const lines = formulas(text, m)
    expect(lines.join('\n').length).toBeLessThan(6000)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(300)
    for (const z of [
      [0.3, -0.7],
      [1.2, 0.4]
    ])
      m.step(number, z, []).forEach((x, i) => {
        // Constants are written with six digits.
        expect(evaluated(lines, z)[i] / x).toBeCloseTo(1, 4)
      })
  })

  it('each name is used more than once, after it is given', () => {
    const lines = formulas(text, swing)
    const names = lines.flatMap((line) => (line.startsWith('t_') ? [line.split(' = ')[0]] : []))
    expect(names.length).toBeGreaterThan(10)
    for (const name of names) {
      const uses = lines.flatMap((line, k) => {
        const count = line.split(' = ')[1].match(/[tz]_(?:\d(?!\d)|\{\d+\})/g) ?? []
        return count.filter((found) => found === name).map(() => k)
      })
      expect(uses.length).toBeGreaterThan(1)
      expect(Math.min(...uses)).toBeGreaterThan(lines.findIndex((line) => line.startsWith(`${name} =`)))
    }
  })

  it('LaTeX and kernels share, too', () => {
    expect(formulas(latex, swing).join('\n').length).toBeLessThan(9000)
    const noisy = kernelFormulas(text, orThrow(stochastic(swing, gaussian, 0.1)))
    expect(noisy.slice(-1)[0]).toMatch(/^z_1' = .* \+ 0\.1 u_1, u_1 ~ Gaussian$/i)
    expect(noisy.join('\n').length).toBeLessThan(6000)
  })
})

it('short formulas are written in full, though a term occurs twice', () => {
  const short = orThrow(
    mechanism({ latents: 1, step: (F, [z]) => [F.mul(F.sin(F.add(z, F.one)), F.sin(F.add(z, F.one)))] })
  )
  expect(formulas(text, short)).toEqual(["z_0' = sin(z_0 + 1) sin(z_0 + 1)"])
})
