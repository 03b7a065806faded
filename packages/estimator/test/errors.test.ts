import { aborted, degenerate, tagged } from '@mechid/values'
import { expect, it } from 'vitest'
import { checkpointMismatch, diverged, fileUnusable, otherFile, unmixingError } from '../src/errors.js'

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

it('says what to do where a training diverges', () => {
  expect(diverged(12, 'loss', Number.NaN, 10)).toMatchObject({
    _tag: 'Diverged',
    step: 12,
    term: 'loss',
    lastGoodStep: 10,
    message:
      'runTraining: loss is NaN at step 12, expected finite numbers; the state of step 10 is kept; a lower learning rate or a gradient clip usually helps'
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
