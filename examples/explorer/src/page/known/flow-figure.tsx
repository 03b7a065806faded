/** A flow as a drawing: lines along it, and arrows as long as it is fast. */
import type { FlowPicture } from '../questions/protocol.js'

const SIZE = 180
const LEFT = 34
const BELOW = 30
const ABOVE = 10
/** The longest arrow. */
const REACH = 16
const HEAD = 4

const toX = (x: number): number => LEFT + ((x + 1) / 2) * SIZE
const toY = (y: number): number => ABOVE + ((1 - y) / 2) * SIZE

const rounded = (x: number): string => String(Number(x.toFixed(1)))

/** `M… L…` */
const path = (points: ReadonlyArray<readonly [number, number]>): string =>
  points.map(([x, y], n) => `${n === 0 ? 'M' : 'L'}${rounded(toX(x))} ${rounded(toY(y))}`).join('')

const arrowPath = (at: readonly number[], by: readonly number[]): string => {
  const [x, y] = [toX(at[0]), toY(at[1] ?? 0)]
  const [dx, dy] = [by[0] * REACH, -(by[1] ?? 0) * REACH]
  const size = Math.hypot(dx, dy)
  if (size < 0.4) return `M${rounded(x)} ${rounded(y)}h0.01`
  const [tipX, tipY] = [x + dx / 2, y + dy / 2]
  const head = Math.min(HEAD, 0.6 * size)
  const angle = Math.atan2(dy, dx)
  const barb = (turn: number): string =>
    `M${rounded(tipX)} ${rounded(tipY)}L${rounded(tipX - head * Math.cos(angle + turn))} ${rounded(tipY - head * Math.sin(angle + turn))}`
  return `M${rounded(x - dx / 2)} ${rounded(y - dy / 2)}L${rounded(tipX)} ${rounded(tipY)}${barb(0.5)}${barb(-0.5)}`
}

const number = (x: number): string => String(Number(x.toPrecision(2))).replace('-', '−')

const powers: Readonly<Record<string, string>> = { '^2': '²', '^3': '³' }

const fieldText = (text: ReadonlyArray<string>): string => {
  const shown = text.map((one) =>
    one
      .replaceAll(/z_(\d+)/g, 'z$1')
      .replaceAll(/\^[23](?!\d)/g, (power) => powers[power])
      .replaceAll('-', '−')
  )
  return `(${shown.join(', ')})`
}

export const FlowFigure = ({ flow }: { readonly flow: FlowPicture }) => {
  const [first, second] = flow.axes
  const flat = second === undefined
  const [low, high] = flow.ranges[0]
  const described = `Flow along ${fieldText(flow.text)}, drawn ${flat ? `along z${first}` : `in the plane of z${first} and z${second}`}.`
  const middle = ABOVE + SIZE / 2
  return (
    <figure class="flow">
      <svg viewBox={`0 0 ${LEFT + SIZE + 12} ${ABOVE + SIZE + BELOW}`} role="img" aria-label={described}>
        <rect x={LEFT} y={ABOVE} width={SIZE} height={SIZE} class="frame" />
        <path d={`M${LEFT} ${middle}h${SIZE}M${LEFT + SIZE / 2} ${ABOVE}v${SIZE}`} class="axis" />
        {flow.lines.map((line) => (
          <path key={path(line)} d={path(line)} class="stream" />
        ))}
        <path d={flow.arrows.map(({ at, by }) => arrowPath(at, by)).join('')} class="arrow" />
        <text x={LEFT} y={ABOVE + SIZE + 13} class="tick">
          {number(low)}
        </text>
        <text x={LEFT + SIZE} y={ABOVE + SIZE + 13} text-anchor="end" class="tick">
          {number(high)}
        </text>
        <text x={LEFT + SIZE / 2} y={ABOVE + SIZE + 24} text-anchor="middle" class="name">
          z{first}
        </text>
        {!flat && (
          <>
            <text x={LEFT - 4} y={ABOVE + SIZE} text-anchor="end" class="tick">
              {number(flow.ranges[1][0])}
            </text>
            <text x={LEFT - 4} y={ABOVE + 9} text-anchor="end" class="tick">
              {number(flow.ranges[1][1])}
            </text>
            <text x={LEFT - 8} y={middle + 4} text-anchor="end" class="name">
              z{second}
            </text>
          </>
        )}
      </svg>
      <figcaption>{fieldText(flow.text)}</figcaption>
    </figure>
  )
}
