/** A forecast of training in plain language. */
import { latentList } from '../../additivity/explanation.js'
import type { Reach, Trainability } from '../answer.js'

const percent = (share: number): string => `${(100 * share).toPrecision(2)} %`

export const explainTrainability = (
  { rows, order, starts, overlap, threshold }: Omit<Trainability, 'explanation'>,
  mostStarts: number
): string[] => {
  const of = (reach: Reach) => rows.filter((row) => row.reach === reach)
  const named = (reach: Reach): string => latentList(of(reach).map(({ row }) => row))
  const lines: string[] = []
  if (of('one start').length > 0)
    lines.push(
      `A random start (overlap about ${overlap.toFixed(2)}) sees at least ${percent(threshold)} of ${named('one start')}.`
    )
  if (of('more starts').length > 0) {
    const most = Math.max(...of('more starts').map((row) => row.starts))
    lines.push(
      `It sees too little of ${named('more starts')}: one of ${most} starts will probably see enough.`
    )
  }
  if (of('out of reach').length > 0) {
    const least = Math.min(...of('out of reach').map(({ visible }) => visible))
    lines.push(
      `${named('out of reach')} out of reach of ${mostStarts} random starts: as little as ${percent(least)} is visible.`
    )
  }
  if (of('nothing').length > 0)
    lines.push(`${named('nothing')}: nothing to find, for the mean moves as all others do.`)
  const straight = rows.filter(({ nonlinear }) => nonlinear !== undefined && nonlinear < 1e-9)
  if (straight.length > 0)
    lines.push(
      `What past latents do to ${latentList(straight.map(({ row }) => row))} is linear: it is visible, but tells directions apart only as far as it differs between latents.`
    )
  const slow = order.filter((step) => step.starts > 1)
  if (slow.length > 0)
    lines.push(
      `Row by row, easy ones first (${latentList(order.map(({ row }) => row))}), ${starts} starts a step will probably be enough${
        slow.some((step) => step.starts > mostStarts) ? ' but for the hardest' : ''
      }.`
    )
  return lines
}
