/** All suites, in the order in which they run. */
import type { Suite } from '../suite.js'
import { algebra } from './algebra.js'
import { graph } from './graph.js'
import { metrics } from './metrics.js'
import { simulate } from './simulate.js'
import { step } from './step.js'

export const suites: readonly Suite[] = [simulate, metrics, graph, algebra, step]
