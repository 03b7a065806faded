/** Observations hold consecutive pictures and the pushes between them. */
import { generator } from '@mechid/random'
import { expect, it } from 'vitest'
import { simulateMotion } from '../src/ball.js'
import { drawFrames, PIXELS } from '../src/drawing.js'
import { FEATURES, lastPicture, observationsOf, PUSHES, pairsOf, record, VIEWS } from '../src/observations.js'

const [SEQUENCES, FRAMES] = [3, 6]
const motion = simulateMotion(SEQUENCES, FRAMES, 1)
const pictures = drawFrames(motion.states)
const picture = (frame: number): Float32Array => pictures.subarray(frame * PIXELS, (frame + 1) * PIXELS)

it('every observation of a motion, beside the state of its last frame', () => {
  const { x, z } = observationsOf(motion, SEQUENCES)
  const each = FRAMES - VIEWS + 1
  expect(x.shape).toEqual([SEQUENCES * each, FEATURES])
  // The last observation of the second sequence.
  const [row, last] = [2 * each - 1, 2 * FRAMES - 1]
  expect(lastPicture(x, row)).toEqual(picture(last))
  expect(z.data.subarray(4 * row, 4 * row + 4)).toEqual(motion.states.subarray(4 * last, 4 * last + 4))
  const pushes = motion.pushes.subarray(2 * 2 * (FRAMES - 1) - PUSHES, 2 * 2 * (FRAMES - 1))
  expect(x.data.subarray((row + 1) * FEATURES - PUSHES, (row + 1) * FEATURES)).toEqual(pushes)
})

it('pairs share all but one frame; the action comes after the last frame of the first', () => {
  const source = pairsOf(record(motion, SEQUENCES))
  const each = FRAMES - VIEWS
  expect(source.examples).toBe(SEQUENCES * each)
  expect([...source.order(generator(1))].sort((a, b) => a - b)).toEqual([...Array(source.examples).keys()])
  const x = new Float32Array(2 * FEATURES)
  const a = new Float32Array(2)
  // The second pair of the third sequence.
  source.gather(Int32Array.of(2 * each + 1), x, a)
  const from = 2 * FRAMES + 1
  for (let view = 0; view < VIEWS; view++) {
    for (const [second, at] of [0, FEATURES].entries()) {
      const seen = x.subarray(at + view * PIXELS, at + (view + 1) * PIXELS)
      expect(seen).toEqual(picture(from + second + view))
    }
  }
  const push = (2 * (FRAMES - 1) + 1 + VIEWS - 1) * 2
  expect(a).toEqual(motion.pushes.subarray(push, push + 2))
  // It lies between the last two frames of the second observation.
  expect(x.subarray(2 * FEATURES - 2)).toEqual(a)
})
