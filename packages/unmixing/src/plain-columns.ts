/** The arithmetic of columns.wat in plain JavaScript, for hosts without WebAssembly SIMD and for tests. */

/** Addresses and strides are bytes within `buffer`, as in columns.wat, which says what each does. */
export interface ColumnArithmetic {
  readonly buffer: ArrayBuffer
  readonly sines: (x: number, n: number, omega: number, sin: number, cos: number) => void
  readonly turn: (p: number, b: number, out: number, gap: number, n: number) => void
  readonly dots: (x: number, y: number, stride: number, n: number, out: number, row: number) => void
  readonly combine: (x: number, count: number, c: number, y: number, stride: number, n: number) => void
  readonly addProduct: (g: number, a: number, b: number, n: number) => void
}

export const plainArithmetic = (bytes: number): ColumnArithmetic => {
  const buffer = new ArrayBuffer(Math.ceil(bytes / 8) * 8)
  const f = new Float32Array(buffer)
  const d = new Float64Array(buffer)
  return {
    buffer,
    sines: (x, n, omega, sin, cos) => {
      const w = Math.fround(omega)
      for (let i = 0; i < n; i++) {
        const angle = w * f[x / 4 + i]
        f[sin / 4 + i] = Math.sin(angle)
        f[cos / 4 + i] = Math.cos(angle)
      }
    },
    turn: (p, b, out, gap, n) => {
      for (let i = 0; i < n; i++) {
        const [ps, pc] = [f[p / 4 + i], f[(p + gap) / 4 + i]]
        const [bs, bc] = [f[b / 4 + i], f[(b + gap) / 4 + i]]
        f[out / 4 + i] = ps * bc + pc * bs
        f[(out + gap) / 4 + i] = pc * bc - ps * bs
      }
    },
    dots: (x, y, stride, n, out, row) => {
      for (let i = 0; i < 4; i++) {
        for (let j = 0; j < 2; j++) {
          const [p, q] = [(x + i * stride) / 4, (y + j * stride) / 4]
          let sum = 0
          for (let r = 0; r < n; r++) sum += f[p + r] * f[q + r]
          d[(out + i * row) / 8 + j] += sum
        }
      }
    },
    combine: (x, count, c, y, stride, n) => {
      for (let j = 0; j < 4; j++) {
        const q = (y + j * stride) / 4
        for (let k = 0; k < count; k++) {
          const [p, weight] = [(x + k * stride) / 4, f[c / 4 + 4 * k + j]]
          if (weight === 0) continue
          for (let r = 0; r < n; r++) f[q + r] += weight * f[p + r]
        }
      }
    },
    addProduct: (g, a, b, n) => {
      for (let r = 0; r < n; r++) f[g / 4 + r] += f[a / 4 + r] * f[b / 4 + r]
    }
  }
}
