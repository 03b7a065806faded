/** The engines that a command can train on. */
import { compiled } from '@mechid/compiler'
import { type Engine, engineNames, findEngine, message } from '@mechid/estimator'
import { orFail } from './output.js'

const offers = [compiled()]

export const engineChoices: readonly string[] = [...engineNames, ...offers.map(({ name }) => name)]

/** The engine of this name, or the end of the program with what is missing. */
export const engineCalled = async (name: string): Promise<Engine> =>
  orFail(await findEngine(name, offers)(), message)
