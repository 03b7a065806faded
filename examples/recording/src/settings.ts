/** The two recordings: poses that have settled under constant torques, and a motion under torques that change. */
import type { ArmDesign } from './arms.js'

export interface Setting {
  readonly design: ArmDesign
  /** Motor torques are uniform between minus and plus this, in N m. */
  readonly torque: readonly number[]
  /** Standard deviation of a torque that nobody records, in N m; a new one for each joint whenever torques change. */
  readonly disturbance: readonly number[]
  /** How long torques stay as they are, in seconds: until the arm has settled, or from one frame to the next. */
  readonly seconds: number
  /** Whether one row follows from the one before. */
  readonly driven: boolean
}

export const settings = {
  /** On a table. A joint settles at its own torque over its own stiffness, whatever the other joints do. */
  settled: {
    design: { stiffness: [8.2, 3.2, 0.92], damping: [2.6, 1, 0.29], gravity: 0, rate: 60 },
    torque: [5.7, 2.2, 0.64],
    disturbance: [0.82, 0.32, 0.092],
    seconds: 4,
    driven: false
  },
  /**
   * Hanging, with stiff dampers: speeds die away within 0.04 s, so that a pose follows from the pose half a second before.
   * The weight of outer links couples all joints.
   */
  driven: {
    design: { stiffness: [2, 1, 0.5], damping: [8, 3.5, 1.5], gravity: 9.81, rate: 480 },
    torque: [6, 2.6, 1],
    disturbance: [0.3, 0.13, 0.05],
    seconds: 0.5,
    driven: true
  }
} as const satisfies Readonly<Record<string, Setting>>

export type SettingName = keyof typeof settings
