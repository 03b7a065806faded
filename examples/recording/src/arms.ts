/** Robot arms in Rapier: links on pin joints, each joint with a motor, a spring and a damper. */
import RAPIER from '@dimforge/rapier2d-compat'

export const JOINTS = 3
/** In metres and kilograms; a link's inertia (kg m²) is mostly that of its gear's rotor. */
const LINK = { length: 0.3, mass: 0.3, inertia: 0.03 }

export interface ArmDesign {
  /** Of each joint's spring, in N m a radian. */
  readonly stiffness: readonly number[]
  /** Of each joint's damper, in N m s a radian. */
  readonly damping: readonly number[]
  /** In m/s², along the straight arm; 0: it lies on a table. */
  readonly gravity: number
  /** Steps of the simulation in a second: dampers act explicitly, so stiff ones need short steps. */
  readonly rate: number
}

/** Arms of one design, each alone in its room. Tables are row-major, one row an arm, one column a joint. */
export interface Arms {
  readonly count: number
  readonly world: RAPIER.World
  readonly links: ReadonlyArray<readonly RAPIER.RigidBody[]>
  /** Puts all arms to rest at these joint angles, in radians. */
  readonly pose: (angles: Float64Array) => void
  /** Joint angles, in radians. */
  readonly angles: () => Float64Array
  /** The greatest speed of any link, in radians a second. */
  readonly speed: () => number
  /** Lets the arms move for so long under these motor torques, in N m. */
  readonly move: (seconds: number, torques: Float64Array) => void
}

const armIn = (world: RAPIER.World): RAPIER.RigidBody[] => {
  const links: RAPIER.RigidBody[] = []
  let inner = world.createRigidBody(RAPIER.RigidBodyDesc.fixed())
  for (let joint = 0; joint < JOINTS; joint++) {
    const link = world.createRigidBody(
      RAPIER.RigidBodyDesc.dynamic()
        .setCanSleep(false)
        .setAdditionalMassProperties(LINK.mass, { x: 0, y: 0 }, LINK.inertia)
    )
    const end = { x: joint === 0 ? 0 : LINK.length / 2, y: 0 }
    const pin = RAPIER.JointData.revolute(end, { x: -LINK.length / 2, y: 0 })
    world.createImpulseJoint(pin, inner, link, true)
    links.push(link)
    inner = link
  }
  return links
}

const placeArm = (links: readonly RAPIER.RigidBody[], angles: Float64Array): void => {
  let [x, y, turned] = [0, 0, 0]
  for (const [joint, link] of links.entries()) {
    turned += angles[joint]
    const [dx, dy] = [LINK.length * Math.cos(turned), LINK.length * Math.sin(turned)]
    link.setTranslation({ x: x + dx / 2, y: y + dy / 2 }, true)
    link.setRotation(turned, true)
    link.setLinvel({ x: 0, y: 0 }, true)
    link.setAngvel(0, true)
    x += dx
    y += dy
  }
}

/** Torques of motor, spring and damper turn a link one way and the link inside of it the other way. */
const applyTorques = (
  links: readonly RAPIER.RigidBody[],
  { stiffness, damping }: ArmDesign,
  motors: Float64Array
): void => {
  let [turned, speed] = [0, 0]
  for (const [joint, link] of links.entries()) {
    const [rotation, turning] = [link.rotation(), link.angvel()]
    const angle = wrapped(rotation - turned)
    const torque = motors[joint] - stiffness[joint] * angle - damping[joint] * (turning - speed)
    link.resetTorques(true)
    link.addTorque(torque, true)
    if (joint > 0) links[joint - 1].addTorque(-torque, true)
    turned = rotation
    speed = turning
  }
}

/** The same angle in (−π, π]. */
const wrapped = (angle: number): number => Math.atan2(Math.sin(angle), Math.cos(angle))

/** `count` arms at rest and straight. RAPIER must have been initialized. */
export const armsOf = (design: ArmDesign, count: number): Arms => {
  const world = new RAPIER.World({ x: design.gravity, y: 0 })
  world.timestep = 1 / design.rate
  const links = Array.from({ length: count }, () => armIn(world))
  const row = (table: Float64Array, arm: number): Float64Array =>
    table.subarray(arm * JOINTS, (arm + 1) * JOINTS)
  const pose = (angles: Float64Array): void => {
    for (const [arm, own] of links.entries()) placeArm(own, row(angles, arm))
  }
  pose(new Float64Array(count * JOINTS))
  return {
    count,
    world,
    links,
    pose,
    angles: () =>
      Float64Array.from(
        links.flatMap((own) =>
          own.map((link, joint) => wrapped(link.rotation() - (joint === 0 ? 0 : own[joint - 1].rotation())))
        )
      ),
    speed: () => Math.max(...links.map((own) => Math.max(...own.map((link) => Math.abs(link.angvel()))))),
    move: (seconds, torques) => {
      for (let step = Math.round(seconds * design.rate); step > 0; step--) {
        for (const [arm, own] of links.entries()) applyTorques(own, design, row(torques, arm))
        world.step()
      }
    }
  }
}
