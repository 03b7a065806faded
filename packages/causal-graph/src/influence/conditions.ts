/** Where sufficient influence is checked: random actions, pasts and present points. */
import { type ActionDomain, type Kernel, number, sampleOnce } from '@mechid/mechanisms'
import type { Generator } from '@mechid/random'
import type { Condition } from './scores.js'

export const drawAction = (domain: ActionDomain, random: Generator): number =>
  domain._tag === 'Interval'
    ? domain.low + (domain.high - domain.low) * random.uniform()
    : random.integer(domain.values)

export const drawActions = (kernel: Kernel, random: Generator): number[] =>
  kernel.actionDomains.map((domain) => drawAction(domain, random))

const normals = (random: Generator, count: number): number[] =>
  Array.from({ length: count }, () => random.normal())

/** Actions from their domains; past latents standard normal, as the first frames of the published problems. */
export const drawCondition = (kernel: Kernel, random: Generator): Condition => ({
  past: normals(random, kernel.lags * kernel.latents),
  a: drawActions(kernel, random)
})

/** A present point that the kernel itself could draw. */
export const drawPoint = (kernel: Kernel, random: Generator): number[] => {
  const { past, a } = drawCondition(kernel, random)
  return sampleOnce(kernel, past, a, random)
}

export const isFiniteRow = (row: ReadonlyArray<number>): boolean => row.every(Number.isFinite)

/** What is wrong with the kernel's law at the first of 64 random conditions that has no finite one, as text. */
export const lawlessAt = (kernel: Kernel, random: Generator): string | undefined => {
  for (let draw = 0; draw < 64; draw++) {
    const { past, a } = drawCondition(kernel, random)
    const location = kernel.location(number, past, a)
    const scale = kernel.scale(number, past, a)
    for (let i = 0; i < kernel.latents; i++)
      if (!Number.isFinite(location[i]) || !(scale[i] > 0 && scale[i] < Infinity))
        return `location ${location[i]} and scale ${scale[i]} of z${i} at past [${past.map((x) => x.toPrecision(3)).join(', ')}], actions [${a.map((x) => x.toPrecision(3)).join(', ')}]`
  }
  return undefined
}
