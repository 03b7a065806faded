/** Range finders on the links of an arm: how far it is to the walls of the room, by Rapier’s ray casts. */
import RAPIER from '@dimforge/rapier2d-compat'
import type { Generator } from '@mechid/random'
import type { Arms } from './arms.js'

/** On each link, the first one along it, in its middle. */
const BEAMS = 8
/** The corners of the room, in metres; the arm is fixed at (0, 0) and reaches 0.9 m. */
const ROOM = [
  [-1, -1.1],
  [1.6, -1.1],
  [1.6, 1],
  [-1, 1]
] as const
/** Standard deviation of a reading, in metres. */
const READING_NOISE = 0.002
const FARTHEST = 10

/** The features of a recording, one for each beam of each link. */
export const rangeNames = (links: number): string[] =>
  Array.from({ length: links * BEAMS }, (_, at) => {
    const [link, beam] = [Math.floor(at / BEAMS), at % BEAMS]
    return `range_link${link + 1}_${(360 / BEAMS) * beam}deg_m`
  })

/** Builds the walls of the room. The ray casts of a world see them after its first step. */
export const buildRoom = ({ world }: Arms): void => {
  const corners = Float32Array.from([...ROOM, ROOM[0]].flat())
  world.createCollider(RAPIER.ColliderDesc.polyline(corners))
}

/** Writes all readings of one arm, in metres, to `into` from `at` on. */
export const readRanges = (
  { world, links }: Arms,
  arm: number,
  random: Generator,
  into: Float64Array,
  at: number
): void => {
  let to = at
  for (const link of links[arm]) {
    const [origin, turned] = [link.translation(), link.rotation()]
    for (let beam = 0; beam < BEAMS; beam++) {
      const angle = turned + (2 * Math.PI * beam) / BEAMS
      const ray = new RAPIER.Ray(origin, { x: Math.cos(angle), y: Math.sin(angle) })
      const hit = world.castRay(ray, FARTHEST, false)
      into[to++] = (hit?.timeOfImpact ?? FARTHEST) + READING_NOISE * random.normal()
    }
  }
}
