/** The known mechanisms to choose from, each with the fields that say which one it is. */
import {
  affine,
  ballistic,
  dampedOscillator,
  harmonicOscillator,
  lotkaVolterra,
  type Mechanism,
  mechanism,
  pendulum,
  permutation,
  rotation,
  scaling,
  translation,
  vanDerPol
} from '@mechid/mechanisms'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { KnownChoice } from '../state/state.js'
import { type Fault, matrixOf, numberOf, numbersOf, wholeOf, wholesOf } from './typed-numbers.js'

export interface KnownField {
  readonly label: string
  readonly initial: string
  /** Several lines. */
  readonly tall?: boolean
}

/** What is known of one motion. */
export interface KnownKind {
  readonly kind: string
  readonly title: string
  readonly fields: ReadonlyArray<KnownField>
  /** From as many texts as there are fields. */
  readonly make: (fields: ReadonlyArray<string>) => E.Either<Fault, Mechanism>
}

const plainFault = (error: { readonly message: string }): Fault => error

const made = <A>(
  values: E.Either<Fault, A>,
  make: (values: A) => E.Either<{ readonly message: string }, Mechanism>
): E.Either<Fault, Mechanism> =>
  pipe(
    values,
    E.flatMap((a) => E.mapLeft(plainFault)(make(a)))
  )

/** One number a field, with the names of the fields for messages. */
const numbersIn = (
  fields: ReadonlyArray<string>,
  names: ReadonlyArray<string>
): E.Either<Fault, ReadonlyArray<number>> =>
  E.traverseArray(([text, name]: readonly [string, string]) => numberOf(text, name))(
    fields.map((text, i) => [text, names[i]] as const)
  )

const timed = (
  kind: string,
  title: string,
  fields: ReadonlyArray<KnownField>,
  make: (values: ReadonlyArray<number>) => E.Either<{ readonly message: string }, Mechanism>
): KnownKind => ({
  kind,
  title,
  fields,
  make: (texts) =>
    made(
      numbersIn(
        texts,
        fields.map(({ label }) => label)
      ),
      make
    )
})

export const library: ReadonlyArray<KnownKind> = [
  {
    kind: 'rotation',
    title: 'Rotation of z0, z1',
    fields: [
      { label: 'latents', initial: '2' },
      { label: 'angle', initial: '0.7' }
    ],
    make: ([latents, angle]) =>
      made(
        pipe(
          E.Do,
          E.bind('d', () => wholeOf(latents, 'latents', 2, 8)),
          E.bind('phi', () => numberOf(angle, 'angle'))
        ),
        ({ d, phi }) => rotation(d, 0, 1, phi)
      )
  },
  {
    kind: 'scaling',
    title: 'Scaling of each latent',
    fields: [{ label: 'factors', initial: '0.9 0.6 0.3' }],
    make: ([factors]) => made(numbersOf(factors, 'factors'), scaling)
  },
  {
    kind: 'translation',
    title: 'Translation',
    fields: [{ label: 'shift', initial: '1 0.5' }],
    make: ([shift]) => made(numbersOf(shift, 'shift'), translation)
  },
  {
    kind: 'permutation',
    title: 'Permutation',
    fields: [{ label: 'new latent i is old latent', initial: '1 2 3 0' }],
    make: ([order]) => made(wholesOf(order, 'the order'), permutation)
  },
  {
    kind: 'matrix',
    title: 'Matrix and shift',
    fields: [
      { label: 'matrix', initial: '0.9 0.3\n0 0.5', tall: true },
      { label: 'shift (empty: none)', initial: '' }
    ],
    make: ([matrix, shift]) =>
      made(
        pipe(
          E.Do,
          E.bind('rows', () => matrixOf(matrix, 'matrix')),
          E.bind('by', ({ rows }) =>
            shift.trim() === '' ? E.right(rows.map(() => 0)) : numbersOf(shift, 'shift')
          )
        ),
        ({ rows, by }) => affine(rows, by)
      )
  },
  timed(
    'ballistic',
    'Ballistic motion: position, velocity',
    [
      { label: 'dt', initial: '0.5' },
      { label: 'gravity', initial: '-9.81' }
    ],
    ([dt, gravity]) => ballistic({ dt, gravity })
  ),
  timed(
    'harmonic',
    'Harmonic oscillator',
    [
      { label: 'frequency', initial: '2' },
      { label: 'dt', initial: '0.3' }
    ],
    ([frequency, dt]) => harmonicOscillator({ frequency, dt })
  ),
  timed(
    'damped',
    'Damped oscillator',
    [
      { label: 'frequency', initial: '2' },
      { label: 'damping', initial: '0.2' },
      { label: 'dt', initial: '0.3' }
    ],
    ([frequency, damping, dt]) => dampedOscillator({ frequency, damping, dt })
  ),
  timed(
    'pendulum',
    'Pendulum: angle, velocity',
    [
      { label: 'stiffness', initial: '1' },
      { label: 'dt', initial: '0.1' }
    ],
    ([stiffness, dt]) => pendulum({ stiffness, dt })
  ),
  timed(
    'lotka-volterra',
    'Lotka–Volterra: prey, predators',
    [
      { label: 'alpha', initial: '1' },
      { label: 'beta', initial: '0.5' },
      { label: 'gamma', initial: '1' },
      { label: 'delta', initial: '0.5' },
      { label: 'dt', initial: '0.1' }
    ],
    ([alpha, beta, gamma, delta, dt]) => lotkaVolterra({ alpha, beta, gamma, delta, dt })
  ),
  timed(
    'van-der-pol',
    'Van der Pol: position, velocity',
    [
      { label: 'mu', initial: '1' },
      { label: 'dt', initial: '0.1' }
    ],
    ([mu, dt]) => vanDerPol({ mu, dt })
  ),
  {
    kind: 'tanh',
    title: 'tanh(2z), element by element',
    fields: [{ label: 'latents', initial: '2' }],
    make: ([latents]) =>
      made(wholeOf(latents, 'latents', 1, 4), (d) =>
        mechanism({ name: 'tanh', latents: d, step: (F, z) => z.map((u) => F.tanh(F.mul(F.lit(2), u))) })
      )
  }
]

export const kindCalled = (kind: string): KnownKind | undefined => library.find((one) => one.kind === kind)

/** The kind with its fields as they are at first; of the first kind where there is none of that name. */
export const defaultOf = (kind: string): KnownChoice => {
  const found = kindCalled(kind) ?? library[0]
  return { kind: found.kind, fields: found.fields.map(({ initial }) => initial) }
}

/** The mechanism that a choice says, or what is wrong with its fields. */
export const mechanismOf = ({ kind, fields }: KnownChoice): E.Either<Fault, Mechanism> => {
  const found = kindCalled(kind)
  return found === undefined ? E.left({ message: `There is no mechanism "${kind}".` }) : found.make(fields)
}
