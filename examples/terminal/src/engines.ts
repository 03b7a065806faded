/** The engines that a command can train on. */
import { type CompiledEngineOptions, compiled } from '@mechid/compiler'
import type { Engine } from '@mechid/engine'
import { engineNames, findEngine } from '@mechid/estimator'
import { orFail } from './output.js'

const offers = [compiled()]

export const engineChoices: readonly string[] = [...engineNames, ...offers.map(({ name }) => name)]

/** The engine called `name`; `options` are those of the compiled one. Where it is missing, the program ends and says why. */
export const engineCalled = async (name: string, options?: CompiledEngineOptions): Promise<Engine> =>
  orFail(await findEngine(name, options === undefined ? offers : [compiled(options)])())
