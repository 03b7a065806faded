/** What is known: mechanisms, kernels, or matrices; one kind at a time. */
import { isKernel, type Kernel, type Mechanism } from '@mechid/mechanisms'
import { invalidOption, shapeMismatch } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import { type Result, sizeMismatch } from '../errors.js'
import type { LinearMap } from '../finite/linear-symmetries.js'

/** What is known: deterministic mechanisms, stochastic kernels, or linear, affine and linear-Gaussian maps. */
export type Known = ReadonlyArray<Mechanism> | ReadonlyArray<Kernel> | ReadonlyArray<LinearMap>

export type Sorted =
  | { readonly _tag: 'Mechanisms'; readonly latents: number; readonly list: ReadonlyArray<Mechanism> }
  | { readonly _tag: 'Kernels'; readonly latents: number; readonly list: ReadonlyArray<Kernel> }
  | { readonly _tag: 'Maps'; readonly latents: number; readonly list: ReadonlyArray<LinearMap> }

type Member = Mechanism | Kernel | LinearMap

const isMap = (member: Member): member is LinearMap => 'matrix' in member
const isMechanism = (member: Member): member is Mechanism => 'step' in member

const latentsOf = (member: Member): number => (isMap(member) ? member.matrix.length : member.latents)

/** Errors: `ShapeMismatch` (an empty list among them), `InvalidOption` (several kinds in one). */
export const sorted = (where: string, known: Known): Result<Sorted> => {
  const members: ReadonlyArray<Member> = known
  const [first] = members
  if (first === undefined)
    return E.left(
      shapeMismatch(where, 'the list of what is known', 'empty', 'one mechanism, kernel or map or more')
    )
  const latents = latentsOf(first)
  const odd = members.findIndex((member) => latentsOf(member) !== latents)
  if (odd >= 0)
    return E.left(
      sizeMismatch(where, `the number of latents of entry ${odd}`, latents, latentsOf(members[odd]))
    )
  if (members.every(isMap)) return E.right({ _tag: 'Maps', latents, list: members })
  if (members.every(isKernel)) return E.right({ _tag: 'Kernels', latents, list: members })
  if (members.every(isMechanism)) return E.right({ _tag: 'Mechanisms', latents, list: members })
  return E.left(
    invalidOption(where, 'the list of what is known', 'of several kinds', 'mechanisms, kernels or maps alone')
  )
}

/** What people call it. */
export const nameOf = (member: Member, index: number): string =>
  'name' in member && member.name !== undefined ? member.name : `number ${index}`
