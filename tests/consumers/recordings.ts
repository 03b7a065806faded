import { prepare, type Recording } from '@mechid/recordings'

const lines = 40
const recording: Recording = {
  name: 'memory',
  x: {
    names: ['left', 'right'],
    lines,
    data: Float64Array.from({ length: 2 * lines }, (_, e) => 1e8 + Math.sin(e * e))
  },
  notes: []
}

const prepared = prepare(recording)
if (prepared._tag === 'Right') {
  const { training, featureNames, testLines } = prepared.right
  console.log(featureNames.join(' '), training.examples, testLines.length)
}
