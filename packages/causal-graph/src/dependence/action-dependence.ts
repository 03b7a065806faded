/** Actions that are functions of other actions: what data can still tell of them. */
import { invalidOption } from '@mechid/values'
import * as E from 'fp-ts/lib/Either.js'
import type { GraphError } from '../errors.js'

/** Action `action` is a function of the actions `of`, which follow from no others; a constant follows from none. */
export interface ActionDependence {
  readonly action: number
  readonly of: ReadonlyArray<number>
}

/** a_action = constant + Σ_p factors[p] · a_of[p]. */
export interface LinearActionDependence extends ActionDependence {
  /** One for each of `of`; finite. */
  readonly factors: ReadonlyArray<number>
  /** Default: 0. */
  readonly constant?: number
}

/** The dependences if each names actions that there are, follows from independent ones, and occurs once. */
export const checkDependences = <A extends ActionDependence>(
  where: string,
  dependences: ReadonlyArray<A>,
  actions: number
): E.Either<GraphError, ReadonlyArray<A>> => {
  const refused = (actual: string, expected: string): E.Either<GraphError, never> =>
    E.left(invalidOption(where, 'dependent', actual, expected))
  const dependent = new Set<number>()
  const isAction = (l: number): boolean => Number.isInteger(l) && l >= 0 && l < actions
  for (const { action, of } of dependences) {
    const stray = [action, ...of].find((l) => !isAction(l))
    if (stray !== undefined)
      return refused(`action ${stray}`, actions === 0 ? 'none: there are no actions' : `0..${actions - 1}`)
    if (dependent.has(action)) return refused(`a${action} twice`, 'each dependent action once')
    dependent.add(action)
  }
  for (const { action, of } of dependences) {
    const circular = of.find((l) => dependent.has(l))
    if (circular !== undefined)
      return refused(
        `a${action} as a function of a${circular}, which is dependent, too`,
        'functions of actions that vary independently'
      )
  }
  return E.right(dependences)
}

/** The dependences if each also has a finite factor for every action that it follows from. */
export const checkLinearDependences = (
  where: string,
  dependences: ReadonlyArray<LinearActionDependence>,
  actions: number
): E.Either<GraphError, ReadonlyArray<LinearActionDependence>> => {
  for (const { action, of, factors, constant = 0 } of dependences) {
    const sound = factors.length === of.length && factors.every(Number.isFinite) && Number.isFinite(constant)
    if (!sound)
      return E.left(
        invalidOption(
          where,
          'dependent',
          `factors [${factors.join(', ')}] and constant ${constant} of a${action}`,
          `${of.length} finite factors, one for each of \`of\`, and a finite constant`
        )
      )
  }
  return checkDependences(where, dependences, actions)
}

const named = (actions: ReadonlyArray<number>): string => {
  const names = actions.map((l) => `a${l}`)
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`
}

/** What follows from a dependence, in a sentence. */
export const explainDependence = ({ action, of }: ActionDependence): string => {
  const name = `a${action}`
  if (of.length === 0) return `${name} never changes, so nothing can be told of what it reaches.`
  const what = `${name} follows from ${named(of)}: data cannot tell their effects apart, so what ${name} reaches is counted as reached by ${named(of)}.`
  return of.length === 1
    ? what
    : `${what} Leave ${name} out of the training: with it, a model may have as few edges and other latents, and nothing of this is promised.`
}
