/** Loss and expected edges, step by step. */
import type { CurvePoint } from './messages.js'

interface Curve {
  readonly title: string
  readonly of: (point: CurvePoint) => number
}

const curves: ReadonlyArray<Curve> = [
  { title: 'loss (nats per feature)', of: ({ loss }) => loss },
  { title: 'expected edges', of: ({ edges }) => edges }
]

const WIDTH = 420
const HEIGHT = 110
const LEFT = 40
const ABOVE = 18
const BELOW = 18

const shown = (x: number): string => String(Number(x.toPrecision(3))).replace('-', '−')

const extent = (values: ReadonlyArray<number>): readonly [number, number] => {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return low < high ? [low, high] : [low - 0.5, low + 0.5]
}

const CurveFigure = ({
  points,
  curve
}: {
  readonly points: ReadonlyArray<CurvePoint>
  readonly curve: Curve
}) => {
  const sound = points.filter((point) => Number.isFinite(curve.of(point)))
  if (sound.length < 2) return null
  const values = sound.map(curve.of)
  const [low, high] = extent(values)
  const last = sound[sound.length - 1].step
  const first = sound[0].step
  const toX = (step: number): number => LEFT + ((step - first) / Math.max(last - first, 1)) * WIDTH
  const toY = (value: number): number => ABOVE + (1 - (value - low) / (high - low)) * HEIGHT
  const path = sound
    .map((point, n) => `${n === 0 ? 'M' : 'L'}${toX(point.step).toFixed(1)} ${toY(values[n]).toFixed(1)}`)
    .join('')
  const label = `${curve.title}: from ${shown(values[0])} at step ${first} to ${shown(values[values.length - 1])} at step ${last}`
  return (
    <svg viewBox={`0 0 ${LEFT + WIDTH + 8} ${ABOVE + HEIGHT + BELOW}`} role="img" aria-label={label}>
      <rect x={LEFT} y={ABOVE} width={WIDTH} height={HEIGHT} class="frame" />
      <path d={path} class="curve" />
      <text x={LEFT} y={ABOVE - 6} class="name">
        {curve.title}
      </text>
      <text x={LEFT - 4} y={ABOVE + 9} text-anchor="end">
        {shown(high)}
      </text>
      <text x={LEFT - 4} y={ABOVE + HEIGHT} text-anchor="end">
        {shown(low)}
      </text>
      <text x={LEFT} y={ABOVE + HEIGHT + 13}>
        step {first}
      </text>
      <text x={LEFT + WIDTH} y={ABOVE + HEIGHT + 13} text-anchor="end">
        {last}
      </text>
    </svg>
  )
}

export const Curves = ({ points }: { readonly points: ReadonlyArray<CurvePoint> }) => (
  <div class="curves">
    {curves.map((curve) => (
      <CurveFigure key={curve.title} points={points} curve={curve} />
    ))}
  </div>
)
