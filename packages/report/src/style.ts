/** The style of all pages: light and dark screens, narrow ones, print. */

/** Colours, type and tables: what every page shares. Text has a contrast of 4.5 at least in either theme. */
export const BASE_STYLE = `
:root { color-scheme: light dark; --ink: #1b1b1b; --quiet: #595959; --line: #ddd; --paper: #fff; --good: #0a6b4b; --bad: #b1440a; --open: #5f5a00; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #eee; --quiet: #b3b3b3; --line: #444; --paper: #1c1c1e; --good: #5fd3a8; --bad: #ff9f6b; --open: #e0d36a; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 54rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: break-word; }
h1, h2, h3, figcaption { overflow-wrap: anywhere; } h1 { margin-bottom: 0; line-height: 1.2; } h2 { margin-top: 2.2rem; } .quiet, figcaption { color: var(--quiet); }
a { color: inherit; text-decoration-color: var(--quiet); text-underline-offset: .15em; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
caption { text-align: left; color: var(--quiet); font-size: .92rem; padding-bottom: .3rem; }
th.number { text-align: right; } td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.good { color: var(--good); } .bad { color: var(--bad); } .open { color: var(--open); } .tone { font-weight: 600; }
.scroll { overflow-x: auto; } .scroll:focus-visible, summary:focus-visible, a:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
@media print { :root { color-scheme: light; } body { max-width: none; margin: 0; font-size: 11pt; } nav { display: none; } figure, tr { break-inside: avoid; } h2, h3 { break-after: avoid; } .scroll { overflow: visible; } svg { max-width: 100%; height: auto; max-height: 24cm; } details::details-content { content-visibility: visible; block-size: auto; } }`
