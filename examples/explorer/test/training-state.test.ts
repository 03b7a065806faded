import { describe, expect, it } from 'vitest'
import type { OpenedFile } from '../src/page/training/messages.js'
import { suggestedRoles, withRole } from '../src/page/training/roles.js'
import { followed, type TrainingEvent, type TrainingState } from '../src/page/training/training-state.js'

const after = (...events: ReadonlyArray<TrainingEvent>): TrainingState =>
  events.reduce<TrainingState>(followed, { _tag: 'Idle' })

const progress = (step: number): TrainingEvent => ({
  _tag: 'Progress',
  progress: { stage: 's', step, steps: 9000, done: 0, points: [{ step, loss: 1, edges: 2 }] }
})

describe('a training', () => {
  it('gathers points, no more than curves can show', () => {
    const state = after({ _tag: 'Start' }, ...Array.from({ length: 3000 }, (_, step) => progress(step)))
    if (state._tag !== 'Running') throw new Error(state._tag)
    expect(state.points.length).toBeLessThanOrEqual(600)
    expect(state.points[0].step).toBe(0)
    expect(state.progress?.step).toBe(2999)
  })

  it('hears nothing more once it was stopped, until it starts again', () => {
    const stopped = after({ _tag: 'Start' }, progress(5), { _tag: 'Stop' }, progress(6), {
      _tag: 'Failed',
      message: 'late'
    })
    expect(stopped).toMatchObject({ _tag: 'Stopped', step: 5 })
    expect(followed(stopped, { _tag: 'Start' })).toMatchObject({ _tag: 'Running', points: [] })
  })

  it('ends with what went wrong', () => {
    expect(after({ _tag: 'Start' }, { _tag: 'Failed', message: 'no engine' })).toEqual({
      _tag: 'Failed',
      message: 'no engine'
    })
  })
})

describe('the arrays of a file', () => {
  const archive: OpenedFile = {
    kind: 'npz',
    name: 'f.npz',
    arrays: [
      { name: 'x', shape: [9, 2] },
      { name: 'x2', shape: [9, 2] },
      { name: 'actions', shape: [9, 2] },
      { name: 'a', shape: [9], fault: 'needs two axes' }
    ]
  }

  it('get roles by their names: one of an archive, any number of columns', () => {
    expect(suggestedRoles(archive)).toEqual({ x: 'x', x2: 'none', actions: 'a', a: 'none' })
    const names = ['x0', 'x1', 'a_0', 'a1', 'answer', 'label']
    const table: OpenedFile = {
      kind: 'table',
      name: 't.csv',
      arrays: names.map((name) => ({ name, shape: [9] }))
    }
    expect(Object.values(suggestedRoles(table))).toEqual(['x', 'x', 'a', 'a', 'none', 'none'])
  })

  it('of an archive give a role up to another', () => {
    expect(withRole(archive, suggestedRoles(archive), 'x2', 'x')).toMatchObject({ x: 'none', x2: 'x' })
  })
})
