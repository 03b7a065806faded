/**
 * The colours of all pictures, for light and for dark surroundings. A picture is drawn in the light ones, as plain
 * attributes, which every program shows; a style sheet within it exchanges them where a reader prefers dark screens.
 */

/** Hues after Okabe and Ito, which colour-blind readers tell apart; marks and dashes differ besides. */
export const LIGHT = {
  paper: '#ffffff',
  ink: '#1b1b1b',
  quiet: '#595959',
  rule: '#b9b9b9',
  faint: '#e6e6e6',
  empty: '#f1f1f1',
  /** Lines, points and arrows. */
  blue: '#0072b2',
  orange: '#b84a00',
  purple: '#a3487f',
  green: '#00735a',
  /** Filled cells: text on them is `onCell` and has a contrast of 4.5 at any opacity. */
  cell: '#1a80bf',
  extraCell: '#d55e00',
  missingCell: '#cc79a7',
  onCell: '#000000'
} as const

type Palette = Readonly<Record<keyof typeof LIGHT, string>>

const DARK: Palette = {
  paper: '#1c1c1e',
  ink: '#ececec',
  quiet: '#b3b3b3',
  rule: '#5e5e62',
  faint: '#39393c',
  empty: '#2b2b2e',
  blue: '#56b4e9',
  orange: '#ff9f5a',
  purple: '#e59ac6',
  green: '#4fd0a5',
  cell: '#2f7ab5',
  extraCell: '#b34a00',
  missingCell: '#9a4f7b',
  onCell: '#fffffe'
}

/** Both palettes, for tests of contrast. */
export const palettes: Readonly<Record<'light' | 'dark', Palette>> = { light: LIGHT, dark: DARK }

const CLASS = 'mechid-picture'

const exchanged = Object.entries(LIGHT)
  .flatMap(([name, light]) =>
    ['fill', 'stroke'].map((attribute) => {
      const dark = DARK[name as keyof Palette]
      return `.${CLASS} [${attribute}="${light}"]{${attribute}:${dark}}`
    })
  )
  .join('')

/** Not for print: paper is white. */
const STYLE = `<style>@media screen and (prefers-color-scheme:dark){${exchanged}}</style>`

export const FONT = 'system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif'

/** The attributes of a root that says what it is to those who do not see it, and what stands first within it. */
export const themedRoot = (
  label: string
): { readonly attributes: Readonly<Record<string, string>>; readonly head: string } => ({
  attributes: { class: CLASS, role: 'img', 'aria-label': label },
  head: STYLE
})
