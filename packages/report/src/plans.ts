/** Which pictures a report has: names, headings, captions, and how each is drawn. */
import type { TopLevelSpec } from 'vega-lite'
import type { GraphPicture, PanelPicture, Picture, ReportContent, SensorMap } from './content.js'
import { edgesPicture, lossPicture } from './curves.js'
import {
  type DrawnArrows,
  drawnGraphs,
  edgeNumbers,
  graphTable,
  learnedArrows,
  MOST_ARROWS,
  seedArrows
} from './graph-pictures.js'
import {
  correlationDrawing,
  entanglementDrawing,
  MOST_FEATURES,
  scoresDrawing,
  sensorMapDrawing
} from './latent-pictures.js'
import { panelsDrawing } from './svg/panels.js'
import type { Drawing } from './svg/picture.js'

/** A picture before it is drawn: by Vega, or as a drawing of our own. */
export type Plan = Omit<Picture, 'svg'> & {
  /** For those who do not see the picture. */
  readonly description?: string
} & ({ readonly spec: TopLevelSpec } | { readonly drawing: Drawing })

const slug = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60) || 'graph'

const omitted = (leftOut: number): string =>
  leftOut === 0 ? '' : ` The ${MOST_ARROWS} strongest arrows are drawn, ${leftOut} are left out.`

const curvePlans = (content: ReportContent): Plan[] => [
  {
    name: 'loss.svg',
    heading: 'Training',
    caption:
      'Negative evidence lower bound per example and feature, in nats. It can rise while edges are removed.',
    spec: lossPicture(content)
  },
  {
    name: 'edges.svg',
    heading: 'Edges',
    caption: 'Expected number of edges of the learned graph, and its bound.',
    spec: edgesPicture(content)
  }
]

const arrowPlan = (name: string, heading: string, caption: string, arrows: DrawnArrows): Plan => ({
  name,
  heading,
  caption: `${caption}${omitted(arrows.leftOut)}`,
  description: arrows.description,
  drawing: arrows.drawing
})

/** Nodes and arrows of all graphs that say what their causes are. */
const drawingPlans = (graphs: ReadonlyArray<GraphPicture>): Plan[] => {
  const drawn = drawnGraphs(graphs)
  if (drawn.length === 0) return []
  return [
    arrowPlan(
      'graph.svg',
      'Learned graph',
      'Arrows lead from causes to effects. Grey: nothing leads there. Rest the pointer on an arrow for its figures.',
      learnedArrows(drawn)
    ),
    ...(drawn.some(({ seeds }) => seeds !== undefined)
      ? [
          arrowPlan(
            'graph-seeds.svg',
            'Edges in several trainings',
            'Every edge that some training has, in the numbering of this one’s latents.',
            seedArrows(drawn)
          )
        ]
      : [])
  ]
}

const tablePlans = (graph: GraphPicture): Plan[] => {
  const { title, truth, probability, undecided, seeds } = graph
  const name = slug(title)
  return [
    {
      name: `${name}.svg`,
      heading: title,
      caption:
        truth === undefined
          ? 'Row = effect, column = cause. Blue: an edge.'
          : 'Row = effect, column = cause. Blue: an edge that was found; +: an extra edge; −: a missing one.',
      drawing: graphTable(graph)
    },
    ...(probability === undefined
      ? []
      : [
          {
            name: `${name}-probability.svg`,
            heading: `${title}: probabilities`,
            caption: 'How probable the training takes each edge to be.',
            drawing: edgeNumbers(graph, probability, 'probability', undecided)
          }
        ]),
    ...(seeds === undefined
      ? []
      : [
          {
            name: `${name}-spread.svg`,
            heading: `${title}: spread over seeds`,
            caption: `Greatest minus least probability of ${seeds.count} trainings. Near 0: they agree.`,
            drawing: edgeNumbers(graph, seeds.spread, 'spread')
          }
        ])
  ]
}

const truthPlans = ({ correlation, entanglement, latentNames }: ReportContent): Plan[] => [
  ...(correlation === undefined
    ? []
    : [
        {
          name: 'correlation.svg',
          heading: 'True and learned latents',
          caption:
            'Absolute correlation on held-out rows, learned latents in the order of the true ones. A strong diagonal: they match one to one. Off the diagonal, true latents’ own correlations can show.',
          drawing: correlationDrawing(correlation, latentNames)
        }
      ]),
  ...(entanglement === undefined
    ? []
    : [
        {
          name: 'entanglement.svg',
          heading: 'Entanglement',
          caption:
            'Left: the learned latents that a true one may depend on by theory (an upper bound). Right: how strongly it does (|standardized coefficient|).',
          drawing: entanglementDrawing(entanglement, latentNames)
        }
      ])
]

const sensorPlan = (map: SensorMap): Plan => {
  const left = Math.max(0, map.features.length - MOST_FEATURES)
  const rest = left === 0 ? '' : ` The first ${MOST_FEATURES} features are drawn, ${left} are left out.`
  return {
    name: 'sensor-map.svg',
    heading: 'Sensor map',
    caption: `Which features each latent drives, on held-out rows. Left: mean |slope| of the decoder, in standard deviations of the feature for one of the latent. Right: share of the feature’s variance that goes with the latent when it takes the values of other rows; where latents act together, shares add up to more than 1. Features stand together by the latent that drives them most. Marks: what the learned graph promises of each latent, if it is the true one.${rest}`,
    description: map.latents
      .map((name, j) => {
        const own = map.features.filter((_, f) => map.slope[f][j] === Math.max(...map.slope[f]))
        return `${name} (${map.states[j].state}) drives most: ${own.slice(0, 12).join(', ') || 'no feature'}`
      })
      .join('. '),
    drawing: sensorMapDrawing(map)
  }
}

const panelPlan = ({ name, heading, caption, ...grid }: PanelPicture): Plan => ({
  name: `${slug(name)}.svg`,
  heading,
  caption,
  drawing: panelsDrawing(grid)
})

/** Two pictures of the same name would overwrite each other: later ones are numbered. */
const distinct = (plans: readonly Plan[]): readonly Plan[] => {
  const taken = new Set<string>()
  return plans.map((plan) => {
    let { name } = plan
    for (let k = 2; taken.has(name); k++) name = plan.name.replace(/\.svg$/, `-${k}.svg`)
    taken.add(name)
    return { ...plan, name }
  })
}

/** All pictures of a report in their order. */
export const plansOf = (content: ReportContent): readonly Plan[] => {
  const { graphs, latents = [], sensorMap, panels = [] } = content
  return distinct([
    ...drawingPlans(graphs),
    ...graphs.flatMap(tablePlans),
    ...truthPlans(content),
    ...(latents.length === 0 || Object.keys(latents[0].scores).length === 0
      ? []
      : [
          {
            name: 'latents.svg',
            heading: 'Scores of each latent',
            caption: 'The scores of the table above.',
            drawing: scoresDrawing(latents)
          }
        ]),
    ...(sensorMap === undefined ? [] : [sensorPlan(sensorMap)]),
    ...panels.map(panelPlan),
    ...curvePlans(content)
  ])
}
