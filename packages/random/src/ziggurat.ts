/** Tables for drawing standard normals: G. Marsaglia, W. W. Tsang, "The Ziggurat Method" (2000), 256 layers. */

const LAYERS = 256
/** Right edge of the base layer, and the area of every layer, for 256 layers. */
export const TAIL_START = 3.6541528853610088
const LAYER_AREA = 0.00492867323399

/** `edge[i]`: right edge of layer i (edge[0] is the virtual width of the base), decreasing; edge[256] = 0. */
export const edge = new Float64Array(LAYERS + 1)
/** `height[i]` = exp(−edge[i]²/2). */
export const height = new Float64Array(LAYERS + 1)
/** `inside[i]` = edge[i+1] / edge[i]: below it a draw in layer i is accepted at once. */
export const inside = new Float64Array(LAYERS)

const density = (x: number): number => Math.exp(-0.5 * x * x)

edge[0] = LAYER_AREA / density(TAIL_START)
edge[1] = TAIL_START
for (let i = 2; i < LAYERS; i++) {
  edge[i] = Math.sqrt(-2 * Math.log(LAYER_AREA / edge[i - 1] + density(edge[i - 1])))
}
edge[LAYERS] = 0
for (let i = 0; i <= LAYERS; i++) height[i] = density(edge[i])
for (let i = 0; i < LAYERS; i++) inside[i] = edge[i + 1] / edge[i]
