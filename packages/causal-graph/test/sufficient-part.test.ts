import { causalGraph, type Kernel, kernel } from '@mechid/mechanisms'
import { orThrow } from '@mechid/values'
import { expect, it } from 'vitest'
import { sufficientInfluence, sufficientPart } from '../src/index.js'

/** Two latents that past and one action move, each in lockstep or apart. */
const steered = (past: 'lockstep' | 'apart', action: 'lockstep' | 'apart'): Kernel =>
  orThrow(
    kernel({
      latents: 2,
      actions: 1,
      lags: 1,
      scale: 0.1,
      location: (F, [u, v], [a]) => {
        const moved = past === 'lockstep' ? [u, v] : [F.sin(u), F.cos(F.mul(F.lit(2), v))]
        const pushed = action === 'lockstep' ? [a, a] : [F.sin(a), F.cos(F.mul(F.lit(2), a))]
        return [F.add(moved[0], pushed[0]), F.add(moved[1], pushed[1])]
      }
    })
  )

it.each([
  ['apart', 'apart', ['latents', 'actions']],
  ['lockstep', 'apart', ['actions']],
  ['apart', 'lockstep', ['latents']],
  ['lockstep', 'lockstep', undefined]
] as const)('past %s, action %s: the part that suffices is %j', (past, action, expected) => {
  const moved = steered(past, action)
  const graph = causalGraph(moved)
  const part = sufficientPart(graph, orThrow(sufficientInfluence(moved)).parts)
  expect(part && Object.keys(part)).toEqual(expected)
  expect(graph).toMatchObject(part ?? {})
})
