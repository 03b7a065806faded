/** What each file in `consumers` prints. */
export const printed: Readonly<Record<string, string>> = {
  algebra: '2 scale,scale',
  baselines: '2 true 2 true',
  'causal-graph': 'none [[0,1]]',
  compiler: 'true ProviderUnavailable',
  engine: 'EngineFailed true',
  estimator: '2 true',
  evaluation: 'Kept 1.000',
  files: '[3,2]',
  mechanisms: '[[1,0],[0,1]]',
  metrics: '1.000000 [1,0]',
  'model-selection': '1 true',
  numerics: '4.000 3.000 0.000',
  random: '0 1 2 3',
  recordings: 'left right 36 4',
  report: 'true',
  simulators: '7 -4 true',
  wasm: '5',
  values: '5 6 1 2 main: rows is 0, expected 1 or more',
  unmixing: '[[1,0],[1,1]] true\nNoMechanism true'
}
