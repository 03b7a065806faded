import { type ReportContent, renderHtml } from '@mechid/report'

const content: ReportContent = {
  title: 'A run',
  prediction: ['complete'],
  verdict: ['kept'],
  metrics: [{ name: 'MCC', value: 1, explanation: 'one to one' }],
  history: { step: [1, 2], loss: [1, 0], edges: [2, 1] },
  graphs: [{ title: 'Ga', learned: [[1]], rowLabels: ['z0'], columnLabels: ['a0'] }],
  configuration: { steps: 2 },
  seed: 1,
  engine: 'wasm',
  seconds: 1
}

const main = async (): Promise<void> => {
  const html = await renderHtml(content)()
  console.log(html._tag === 'Right' ? html.right.includes('<svg') : html.left.message)
}

main()
