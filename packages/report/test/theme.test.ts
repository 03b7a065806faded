import { describe, expect, it } from 'vitest'
import { BASE_STYLE } from '../src/style.js'
import { LIGHT, palettes } from '../src/svg/theme.js'

type Rgb = readonly [number, number, number]

const rgb = (hex: string): Rgb => {
  const full = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join('') : hex.slice(1)
  return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16) / 255) as unknown as Rgb
}

/** WCAG 2.2, relative luminance. */
const luminance = (colour: Rgb): number => {
  const [r, g, b] = colour.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

const contrast = (p: Rgb, q: Rgb): number => {
  const [low, high] = [luminance(p), luminance(q)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

const over = (front: string, back: string, opacity: number): Rgb => {
  const [f, b] = [rgb(front), rgb(back)]
  return f.map((c, k) => opacity * c + (1 - opacity) * b[k]) as unknown as Rgb
}

const TEXT = 4.5
const GRAPHICS = 3

describe.each(['light', 'dark'] as const)('the %s palette', (name) => {
  const palette = palettes[name]

  it.each(['ink', 'quiet', 'blue', 'orange', 'purple', 'green'] as const)('has legible text in %s', (key) => {
    expect(contrast(rgb(palette[key]), rgb(palette.paper))).toBeGreaterThanOrEqual(TEXT)
    if (key === 'ink' || key === 'quiet')
      expect(contrast(rgb(palette[key]), rgb(palette.empty))).toBeGreaterThanOrEqual(TEXT)
  })

  it.each(['cell', 'extraCell', 'missingCell'] as const)('has legible text on %s at any opacity', (key) => {
    for (let opacity = 0; opacity <= 1.0001; opacity += 0.05)
      expect(
        contrast(rgb(palette.onCell), over(palette[key], palette.empty, opacity))
      ).toBeGreaterThanOrEqual(TEXT)
    expect(contrast(rgb(palette[key]), rgb(palette.paper))).toBeGreaterThanOrEqual(GRAPHICS)
  })

  it('has no two names for one colour, which could not be told apart when they are exchanged', () => {
    expect(new Set(Object.values(LIGHT)).size).toBe(Object.keys(LIGHT).length)
  })
})

describe('pages', () => {
  const [light = '', dark = ''] = BASE_STYLE.match(/:root \{[^}]*--ink[^}]*\}/g) ?? []
  const variable = (rules: string, name: string): Rgb =>
    rgb(new RegExp(`--${name}: (#[0-9a-f]+)`).exec(rules)?.[1] ?? '')

  it.each(['ink', 'quiet', 'good', 'bad', 'open'])('have legible text in %s, light and dark', (name) => {
    const onPaper = (rules: string): number => contrast(variable(rules, name), variable(rules, 'paper'))
    expect(onPaper(light)).toBeGreaterThanOrEqual(TEXT)
    expect(onPaper(dark)).toBeGreaterThanOrEqual(TEXT)
  })
})
