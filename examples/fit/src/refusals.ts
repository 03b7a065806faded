/** Numbers of the command line that the data do not allow: said in terms of options, with exit code 2. */
import type { EstimatorError } from '@mechid/estimator'
import { failWith } from '@mechid/example-terminal'

/** What the library checks → the option that says it. */
const OPTIONS: Readonly<Record<string, string>> = {
  latents: 'latents',
  edges: 'edges',
  'sparsity.edges': 'edges',
  batch: 'batch',
  learningRate: 'learning-rate',
  steps: 'steps'
}

/** What the library answers. */
type Checked<A> =
  | { readonly _tag: 'Left'; readonly left: EstimatorError }
  | { readonly _tag: 'Right'; readonly right: A }

/** The value. An error about a number that an option gave ends the program as a command line that was not understood. */
export const orRefuse = <A>(result: Checked<A>, batch: number | undefined): A => {
  if (result._tag === 'Right') return result.right
  const error = result.left
  if (error._tag === 'TooFewRows' && error.needed === batch)
    return failWith(
      `--batch is ${batch}, expected at most the number of examples to train on, ${error.actual}`,
      2
    )
  const option = error._tag === 'InvalidOption' ? OPTIONS[error.what] : undefined
  if (error._tag !== 'InvalidOption' || option === undefined) return failWith(error.message)
  return failWith(`--${option} is ${error.actual}, expected ${error.expected}`, 2)
}
