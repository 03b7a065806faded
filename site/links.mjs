/** Links of a built site that lead nowhere: pages, anchors in them, pictures. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'

const htmlIn = (folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.html'))

const decoded = (text) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'")

const anchorsOf = (html) => new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => decoded(id)))

/** Addresses on a page, links and pictures, that are of this site. */
const addressesOf = (html) =>
  [...html.matchAll(/<(?:a|img|link|script|source)\s[^>]*?(?:href|src)="([^"]*)"/g)]
    .map(([, address]) => decoded(address))
    .filter((address) => !/^([a-z][a-z+.-]*:|\/\/)/.test(address))

/** `/concepts` → `concepts.html`; a folder → its index. Undefined: there is no such file. */
const fileFor = (folder, path) =>
  [path, `${path}.html`, posix.join(path, 'index.html')].find((file) => {
    const there = join(folder, file)
    return existsSync(there) && statSync(there).isFile()
  })

/** `concepts.html: /no-page#anchor`, one for each link that leads nowhere. */
export const brokenLinksIn = (folder) => {
  const pages = new Map(htmlIn(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]))
  const anchors = new Map([...pages].map(([file, html]) => [file, anchorsOf(html)]))
  const leads = (file, address) => {
    const [path, anchor] = address.split('#')
    const at = decodeURI(path.replace(/\?.*$/, ''))
    const to = at === '' ? file : at.startsWith('/') ? at.slice(1) : posix.join(posix.dirname(file), at)
    const found = fileFor(folder, to)
    if (found === undefined) return false
    return (
      anchor === undefined || anchor === '' || (anchors.get(found)?.has(decodeURIComponent(anchor)) ?? false)
    )
  }
  return [...pages].flatMap(([file, html]) =>
    [...new Set(addressesOf(html))]
      .filter((address) => !leads(file, address))
      .map((address) => `${file}: ${address}`)
  )
}
