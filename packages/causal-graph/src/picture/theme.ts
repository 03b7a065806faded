/** Colours of pictures, for light and for dark surroundings. */

/** `auto` follows what the reader's system prefers; light where a program cannot tell. */
export type PictureTheme = 'auto' | 'light' | 'dark'

/** Hues after Okabe and Ito, told apart by colour-blind readers; shapes differ besides. */
interface Palette {
  readonly paper: string
  readonly ink: string
  readonly quiet: string
  readonly grid: string
  readonly rule: string
  readonly empty: string
  readonly edge: string
  readonly mutual: string
  readonly oneWay: string
  readonly self: string
}

const light: Palette = {
  paper: '#ffffff',
  ink: '#1b1b1b',
  quiet: '#5c5c5c',
  grid: '#ffffff',
  rule: '#b8b8b8',
  empty: '#efefef',
  edge: '#0072b2',
  mutual: '#d55e00',
  oneWay: '#b07500',
  self: '#6f6f6f'
}

const dark: Palette = {
  paper: '#1c1c1e',
  ink: '#ececec',
  quiet: '#ababab',
  grid: '#1c1c1e',
  rule: '#5a5a5e',
  empty: '#2c2c2f',
  edge: '#56b4e9',
  mutual: '#ff8a3d',
  oneWay: '#f0c34a',
  self: '#9a9a9a'
}

const rules = (scope: string, palette: Palette): string =>
  (
    [
      ['.paper', `fill:${palette.paper}`],
      ['.ink', `fill:${palette.ink}`],
      ['.quiet', `fill:${palette.quiet}`],
      ['.empty', `fill:${palette.empty}`],
      ['.grid', `stroke:${palette.grid};fill:none`],
      ['.rule', `stroke:${palette.rule};fill:none`],
      ['.edge', `fill:${palette.edge}`],
      ['.mutual', `fill:${palette.mutual}`],
      ['.one-way', `fill:${palette.oneWay}`],
      ['.self', `fill:${palette.self}`],
      ['.arrow', `stroke:${palette.edge};fill:none`],
      ['.node', `fill:${palette.paper};stroke:${palette.quiet}`],
      ['.node.now', `stroke:${palette.ink}`],
      ['.node.is-mutual', `stroke:${palette.mutual}`],
      ['.node.is-one-way', `stroke:${palette.oneWay}`]
    ] as const
  )
    .map(([selector, style]) => `${scope} ${selector}{${style}}`)
    .join('')

/** The root's class, which keeps the rules from what else is on a page. */
export const themeClass = (theme: PictureTheme): string => `causal-graph-${theme}`

/** Rules for the classes that panels use. The paper is painted, so that any background will do. */
export const styleSheet = (theme: PictureTheme): string => {
  const scope = `.${themeClass(theme)}`
  if (theme !== 'auto') return rules(scope, theme === 'dark' ? dark : light)
  return `${rules(scope, light)}@media (prefers-color-scheme:dark){${rules(scope, dark)}}`
}
