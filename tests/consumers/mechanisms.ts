import { causalGraph, kernel } from '@mechid/mechanisms'
import { type CausalGraph, orThrow } from '@mechid/values'

const lights = kernel({ latents: 2, actions: 2, location: (F, _past, [a, b]) => [a, F.cos(b)], scale: 0.1 })
const graph: CausalGraph = causalGraph(orThrow(lights))
console.log(JSON.stringify(graph.actions))
