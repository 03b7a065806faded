/** Draws the ball: 32 × 32 grey pixels, antialiased. */
import { ball } from './ball.js'

export const SIDE = 32
export const PIXELS = SIDE * SIDE

/** Pixels per unit of length. */
export const SCALE = SIDE / 2

/** Column and row, from the top left corner, of a point of the box. */
export const toPixels = (x: number, y: number): [number, number] => [SCALE * (1 + x), SCALE * (1 - y)]

/**
 * Draws a ball at (x, y) into `out[at …]`. The brightness of a pixel is the share of it that the disc covers, to first
 * order: by the distance of its centre from the rim.
 */
export const drawBall = (x: number, y: number, out: Float32Array, at: number): void => {
  const [column, row] = toPixels(x, y)
  const radius = SCALE * ball.radius
  for (let i = 0; i < SIDE; i++) {
    for (let j = 0; j < SIDE; j++) {
      const inside = radius - Math.hypot(j + 0.5 - column, i + 0.5 - row) + 0.5
      out[at + i * SIDE + j] = Math.max(0, Math.min(1, inside))
    }
  }
}

/** Frames [sequences · frames, 1024] of states [sequences · frames, 4]. */
export const drawFrames = (states: Float32Array): Float32Array => {
  const frames = states.length / 4
  const out = new Float32Array(frames * PIXELS)
  for (let f = 0; f < frames; f++) drawBall(states[4 * f], states[4 * f + 1], out, f * PIXELS)
  return out
}
