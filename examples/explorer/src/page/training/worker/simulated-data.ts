/** Data of a published problem, with the truth behind them. */
import { type Kernel, type ProblemName, problem } from '@mechid/mechanisms'
import { generator } from '@mechid/random'
import { type DataSet, nnMixing, simulate, splitRows } from '@mechid/simulators'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TrainingChoice } from '../../state/state.js'

export interface SimulatedData {
  readonly kernel: Kernel
  readonly data: DataSet
  readonly train: Int32Array
  /** A fifth of the rows, which no training sees. */
  readonly test: Int32Array
}

/** Errors: those of the problem's sizes, of the mixing and of the simulation. */
export const simulatedData = (
  choice: TrainingChoice
): E.Either<{ readonly message: string }, SimulatedData> => {
  const { latents, features, rows, seed } = choice
  const random = generator(seed)
  return pipe(
    E.Do,
    E.bind('kernel', () => problem(choice.problem as ProblemName, { latents, seed })),
    E.bindW('mixing', () => nnMixing({ latents, features, random: random.split('mixing') })),
    E.bindW('simulation', ({ kernel, mixing }) => simulate({ kernel, mixing, rows, seed })),
    E.map(({ kernel, simulation: { data } }) => {
      const { train, test } = splitRows(rows, { validation: 0, test: 0.2 }, random.split('split'))
      return { kernel, data, train, test }
    })
  )
}
