/** Which files of the repository are pages of the site, and where they stand there. Files are read in place. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const repository = 'https://github.com/mechid/mechid'

/** What VitePress shall not take for a page. */
export const excluded = [
  '{api,bench,examples,out,scripts,tests,coverage}/**',
  'packages/*/!(README).md',
  'packages/*/*/**',
  'site/!(index).md'
]

/** `packages/metrics/README.md` → `packages/metrics.md`, the page's place on the site. */
export const placeOf = (file) =>
  file === 'site/index.md'
    ? 'index.md'
    : file === 'README.md'
      ? 'overview.md'
      : file === 'docs/README.md'
        ? 'contents.md'
        : file === 'CONTRIBUTING.md'
          ? 'contributing.md'
          : file.replace(/^docs\//, '').replace(/^(packages\/[^/]+)\/README\.md$/, '$1.md')

const isPage = (file) =>
  /^(site\/index|README|CONTRIBUTING|docs\/[\w-]+|docs\/api\/[\w-]+|packages\/[\w-]+\/README)\.md$/.test(file)

/**
 * Where a link of a file leads on the site: to a page, or, for what is no page, to its source in the repository. Links
 * in files are written for readers of the repository. Undefined: it leads nowhere.
 */
export const targetOf = (file, link) => {
  const [path, anchor] = link.split('#')
  const hash = anchor === undefined ? '' : `#${anchor}`
  const to = path === '' ? file : posix.normalize(posix.join(dirname(file), path)).replace(/\/$/, '')
  const there = join(root, to)
  if (to.startsWith('..') || !existsSync(there)) return undefined
  const folder = statSync(there).isDirectory()
  const page = folder ? posix.join(to, 'README.md') : to
  if (isPage(page) && existsSync(join(root, page))) return `/${placeOf(page).replace(/\.md$/, '')}${hash}`
  return `${repository}/${folder ? 'tree' : 'blob'}/main/${to}${hash}`
}

/** Public name → the package that it is in and its place on the page of that package. Written with the API pages. */
export const namesFile = join(root, 'docs/api/names.json')

let names
export const publicNames = () => {
  names ??= existsSync(namesFile) ? JSON.parse(readFileSync(namesFile, 'utf8')) : {}
  return names
}

const IMPORT = /^import (?:type )?\{([^}]*)\} from '@mechid\/[\w-]+'/gm

/** Names whose mention in a file means the public name, and nothing else that is called the same. */
export const meantIn = (file, text) => {
  if (file === 'docs/paper-to-code.md') return () => true
  const member = /^packages\/([\w-]+)\/README\.md$/.exec(file)?.[1]
  const imported = new Set(
    [...text.matchAll(IMPORT)].flatMap(([, list]) =>
      list.split(',').map((name) => name.replace('type ', '').trim().split(' as ')[0])
    )
  )
  return (name, owner) => owner === member || imported.has(name)
}
