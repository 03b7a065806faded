import { aborted, degenerate, tagged } from '@mechid/values'
import { describe, expect, it } from 'vitest'
import {
  checkpointMismatch,
  diverged,
  fileUnusable,
  inStage,
  otherFile,
  unmixingError
} from '../src/errors.js'

it('tells a stage that was stopped from one that failed', () => {
  const stopped = aborted('unmix')
  expect(unmixingError('unmix', stopped)).toBe(stopped)
  const flat = degenerate('unmix', 'column 0 of the codes', 'constant', 'one that varies')
  expect(unmixingError('unmix again', flat)).toEqual({
    _tag: 'UnmixingFailed',
    stage: 'unmix again',
    reason: flat.message,
    message: `stage unmix again: codes could not be unmixed (${flat.message})`
  })
})

describe('a training that diverges', () => {
  const at = {
    where: 'train',
    step: 12,
    term: 'reconstruction',
    value: Number.NaN,
    terms: ['reconstruction', 'loss'],
    parameters: ['encoder', 'decoder'],
    lastGoodStep: 10
  }
  const broke =
    'train: reconstruction is NaN at step 12 (and with it loss), expected finite numbers; broken after it: encoder, decoder'
  const remedy = 'a lower learning rate or a gradient clip usually helps'

  it('names the term, the step, and what broke with it', () => {
    expect(diverged({ ...at, kept: true })).toMatchObject({
      _tag: 'Diverged',
      ...at,
      message: `${broke}; the state of step 10 is kept; ${remedy}`
    })
  })

  it('says that a state is kept only where one is, and in which stage it was', () => {
    const error = inStage('refine', diverged({ ...at, kept: false }))
    expect(error.message).toBe(`stage refine: ${broke}; no state was saved; ${remedy}`)
    expect(error).toMatchObject({ where: 'stage refine' })
    const other = fileUnusable('a', tagged('Truncated', {}, 'cut'))
    expect(inStage('refine', other)).toBe(other)
  })
})

it('says what is wrong with a file in the words of its own error', () => {
  const cut = tagged('Truncated', {}, 'a.safetensors: cut off after 500 bytes')
  expect(fileUnusable('a.safetensors', cut)).toEqual({
    _tag: 'FileUnusable',
    path: 'a.safetensors',
    reason: cut.message,
    message: cut.message
  })
  expect(otherFile('a.safetensors', 'kind', undefined, 'mechid model')).toMatchObject({
    _tag: 'FileUnusable',
    message: 'a.safetensors: its kind is missing, expected mechid model'
  })
})

it('says how a checkpoint differs', () => {
  expect(checkpointMismatch('run/checkpoint.safetensors', 'seed', '1', '5')).toMatchObject({
    _tag: 'CheckpointMismatch',
    what: 'seed',
    actual: '1',
    expected: '5',
    message:
      'run/checkpoint.safetensors: a checkpoint of another training: its seed is 1, expected 5; keep this training in another folder, or start it without resuming'
  })
})
