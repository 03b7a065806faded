/** Our side: the preset `fast` on one thread of the compiled engine, with scores after every stage. */

import { latentRows, type Progress, preset, type StageName, train } from '@mechid/estimator'
import { pointScores } from '@mechid/evaluation'
import { engineCalled } from '@mechid/example-terminal'
import { orThrow, type Samples } from '@mechid/values'
import { processorSeconds } from '../clock.js'
import type { Problem } from './problem.js'
import type { Point, Trace } from './trace.js'

/** When each stage ended: as soon as the next one is heard of. */
const stageClock = () => {
  const began = processorSeconds()
  const ends: Array<{ readonly stage: StageName; readonly seconds: number }> = []
  let current: StageName | undefined
  const end = (): void => {
    if (current !== undefined) ends.push({ stage: current, seconds: processorSeconds() - began })
  }
  return {
    onProgress: ({ stage }: Progress): void => {
      if (stage === current) return
      end()
      current = stage
    },
    ended: () => {
      end()
      return ends
    }
  }
}

/** The time at which a stage was over: that of the first later moment that is known. */
const endOf = (ends: ReadonlyArray<{ readonly stage: StageName; readonly seconds: number }>, at: StageName) =>
  (ends.find(({ stage }) => stage === at) ?? ends[ends.length - 1]).seconds

export const trainOurs = async (
  { shape, edges, source, held }: Problem,
  seed: number,
  tell: (point: Point) => void
): Promise<Trace> => {
  const configuration = orThrow(preset('fast', shape, edges))
  const engine = await engineCalled('compiled', { provider: 'cpu', threads: 1 })
  const clock = stageClock()
  const { latents } = shape
  const { onProgress } = clock
  const trained = await orThrow(train(source, { latents, configuration, engine, seed, onProgress }))
  const ends = clock.ended()
  const points: Point[] = []
  const add = (after: string, seconds: number, zHat: Samples): void => {
    const { mcc, r } = orThrow(pointScores({ z: held.z, zHat }))
    points.push({ seconds, after, mcc, r })
    tell(points[points.length - 1])
  }
  for (const { name, model } of trained.stages ?? []) {
    add(name, endOf(ends, name), await orThrow(latentRows(engine, model, held.x)))
  }
  return { method: 'ours', points }
}
