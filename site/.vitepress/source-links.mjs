/**
 * A markdown-it plugin: links written for readers of the repository lead to pages of the site, or to sources; public names
 * in code marks lead to their documentation.
 */
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { meantIn, publicNames, root, targetOf } from '../pages.mjs'

const NAME = /^([A-Za-z]\w*)(?:\([^`]*\))?$/

const linkTokens = (state, href) => {
  const open = new state.Token('link_open', 'a', 1)
  open.attrs = [
    ['href', href],
    ['class', 'to-api']
  ]
  return [open, new state.Token('link_close', 'a', -1)]
}

/** Where a mention of a public name leads. */
const apiOf = (code, meant) => {
  const name = NAME.exec(code)?.[1]
  const entry = name === undefined || !Object.hasOwn(publicNames(), name) ? undefined : publicNames()[name]
  return entry !== undefined && meant(name, entry.package)
    ? `/api/${entry.package}#${entry.anchor}`
    : undefined
}

const rewriteLink = (token, file) => {
  const href = token.attrGet('href')
  if (href === null || /^([a-z]+:|\/)/.test(href) || href.startsWith('#')) return
  const target = targetOf(file, decodeURI(href))
  if (target === undefined) throw new Error(`${file}: the link ${href} leads nowhere`)
  token.attrSet('href', target)
}

const withNames = (state, children, meant) => {
  let inLink = false
  return children.flatMap((token) => {
    if (token.type === 'link_open') inLink = true
    if (token.type === 'link_close') inLink = false
    if (token.type !== 'code_inline' || inLink) return [token]
    const href = apiOf(token.content, meant)
    if (href === undefined) return [token]
    const [open, close] = linkTokens(state, href)
    return [open, token, close]
  })
}

export const sourceLinks = (md) => {
  md.core.ruler.push('source-links', (state) => {
    const path = state.env.realPath ?? state.env.path
    // Titles in front matter are rendered, too, and are of no file.
    if (path === undefined) return
    const file = relative(root, path).replaceAll('\\', '/')
    const own = !file.startsWith('docs/api/')
    const meant = own ? meantIn(file, readFileSync(path, 'utf8')) : () => false
    for (const [i, token] of state.tokens.entries()) {
      if (token.type !== 'inline' || token.children === null) continue
      for (const child of token.children) if (child.type === 'link_open') rewriteLink(child, file)
      if (own && state.tokens[i - 1]?.type !== 'heading_open') {
        token.children = withNames(state, token.children, meant)
      }
    }
  })
}
