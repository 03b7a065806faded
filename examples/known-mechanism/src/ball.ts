/** A ball in a box: its motion by a physics engine, and the same as a mechanism. */
import type { ParametricMechanism } from '@mechid/estimator'
import type { Elementary } from '@mechid/mechanisms'
import { type Generator, generator } from '@mechid/random'
import { type Body, Circle, Edge, Settings, Vec2, World } from 'planck'

/** Units: half a side of the box, and seconds. */
export const ball = {
  radius: 0.2,
  gravity: 0.3,
  restitution: 0.9,
  /** Between two frames. */
  interval: 0.2,
  /** A push changes each velocity by at most this. */
  push: 0.3,
  /** Largest velocity at the start, along each axis. */
  speed: 0.5
} as const

/** The centre stays within ±REACH. */
const REACH = 1 - ball.radius

/** Metres of the engine for one unit of ours: its tolerances suit bodies of about a metre. */
const METRES = 5
const SUBSTEPS = 16

/** A world with four walls and a ball. */
const world = (): { readonly step: () => void; readonly body: Body } => {
  // So that slow bounces are elastic, too.
  Settings.velocityThreshold = 0
  const made = new World({ gravity: new Vec2(0, -ball.gravity * METRES) })
  const corner = (i: number): Vec2 =>
    new Vec2(METRES * (i % 4 < 2 ? -1 : 1), METRES * ([0, 3].includes(i % 4) ? -1 : 1))
  const walls = made.createBody()
  for (let i = 0; i < 4; i++) walls.createFixture({ shape: new Edge(corner(i), corner(i + 1)), friction: 0 })
  const body = made.createBody({ type: 'dynamic', bullet: true, fixedRotation: true })
  const shape = new Circle(ball.radius * METRES)
  body.createFixture({ shape, density: 1, friction: 0, restitution: ball.restitution })
  return {
    body,
    step: () => {
      for (let i = 0; i < SUBSTEPS; i++) made.step(ball.interval / SUBSTEPS)
    }
  }
}

/** Sequences of states (x, y, v_x, v_y), with the pushes between them. */
export interface Motion {
  /** [sequences, frames, 4] */
  readonly states: Float32Array
  /** [sequences, frames − 1, 2]: added to the velocity right after the frame. */
  readonly pushes: Float32Array
}

const between = (random: Generator, low: number, high: number): number =>
  low + (high - low) * random.uniform()

/** Simulates sequences with the physics engine, from random starts. */
export const simulateMotion = (sequences: number, frames: number, seed: number): Motion => {
  const random = generator(seed).split('ball')
  const { body, step } = world()
  const states = new Float32Array(sequences * frames * 4)
  const pushes = new Float32Array(sequences * (frames - 1) * 2)
  for (let n = 0; n < sequences; n++) {
    const place = (): number => METRES * between(random, -REACH, REACH)
    const speed = (): number => METRES * between(random, -ball.speed, ball.speed)
    body.setPosition(new Vec2(place(), place()))
    body.setLinearVelocity(new Vec2(speed(), speed()))
    for (let t = 0; t < frames; t++) {
      const [p, v] = [body.getPosition(), body.getLinearVelocity()]
      states.set(
        [p.x, p.y, v.x, v.y].map((value) => value / METRES),
        (n * frames + t) * 4
      )
      if (t === frames - 1) break
      const push = [between(random, -ball.push, ball.push), between(random, -ball.push, ball.push)]
      pushes.set(push, (n * (frames - 1) + t) * 2)
      body.setLinearVelocity(new Vec2(v.x + METRES * push[0], v.y + METRES * push[1]))
      body.setAwake(true)
      step()
    }
  }
  return { states, pushes }
}

/** Keeps square roots and quotients differentiable. */
const TINY = 1e-4

/**
 * One axis over an interval: free flight under −`gravity`, or a bounce if the flight would end behind a wall. The time
 * until the impact is 2 · distance / (speed at the impact + speed now), with or without gravity.
 */
const alongAxis = <A>(F: Elementary<A>, p: A, v: A, gravity: A, restitution: A): [A, A] => {
  const lit = F.lit
  const tau = lit(ball.interval)
  const flown = (from: A, speed: A, time: A): [A, A] => [
    F.sub(F.add(from, F.mul(speed, time)), F.mul(lit(0.5), F.mul(gravity, F.mul(time, time)))),
    F.sub(speed, F.mul(gravity, time))
  ]
  const free = flown(p, v, tau)
  const bounced = (side: 1 | -1): [A, A] => {
    const wall = lit(side * REACH)
    const distance = F.max(F.mul(lit(side), F.sub(wall, p)), F.zero)
    const towards = F.mul(lit(side), v)
    const drop = F.mul(F.mul(lit(-2 * side), gravity), distance)
    const impact = F.sqrt(F.max(F.add(F.mul(v, v), drop), lit(TINY)))
    const wait = F.div(F.mul(lit(2), distance), F.max(F.add(impact, towards), lit(TINY)))
    const left = F.max(F.sub(tau, wait), F.zero)
    return flown(wall, F.mul(lit(-side), F.mul(restitution, impact)), left)
  }
  const [low, high] = [bounced(-1), bounced(1)]
  const under = F.sub(lit(-REACH), free[0])
  const over = F.sub(free[0], lit(REACH))
  const chosen = (k: 0 | 1): A => F.where(under, low[k], F.where(over, high[k], free[k]))
  return [chosen(0), chosen(1)]
}

/** The motion between two frames, after a push. Its parameter, gravity, is learned. */
export const motion: ParametricMechanism = {
  name: 'ball in a box',
  latents: 4,
  actions: 2,
  initial: [0],
  step: (F, [x, y, vx, vy], [ax, ay], [gravity]) => {
    const restitution = F.lit(ball.restitution)
    const [x1, vx1] = alongAxis(F, x, F.add(vx, ax), F.zero, restitution)
    const [y1, vy1] = alongAxis(F, y, F.add(vy, ay), gravity, restitution)
    return [x1, y1, vx1, vy1]
  }
}

/** The same with the gravity of the engine. */
export const trueMotion = <A>(F: Elementary<A>, z: ReadonlyArray<A>, a: ReadonlyArray<A>): ReadonlyArray<A> =>
  motion.step(F, z, a, [F.lit(ball.gravity)])
