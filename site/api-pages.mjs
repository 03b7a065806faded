/**
 * Writes the reference of all packages to docs/api: one page a package, read off the sources, and names.json, where each
 * public name is documented. Git ignores the folder.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Application } from 'typedoc'
import { namesFile, repository, root } from './pages.mjs'

const folder = join(root, 'docs/api')

const packages = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'src/index.ts'))
)

const options = {
  name: 'API',
  tsconfig: join(root, 'tsconfig.json'),
  entryPoints: packages.map((name) => join(root, 'packages', name, 'src/index.ts')),
  entryPointStrategy: 'resolve',
  basePath: root,
  plugin: [fileURLToPath(import.meta.resolve('typedoc-plugin-markdown'))],
  outputs: [{ name: 'markdown', path: folder }],
  // Types are checked by `npm test`, links by site/links.mjs.
  skipErrorChecking: true,
  validation: { notExported: false, invalidLink: false, notDocumented: false },
  logLevel: 'Error',
  readme: 'none',
  excludeExternals: true,
  excludePrivate: true,
  disableGit: true,
  gitRevision: 'main',
  sourceLinkTemplate: `${repository}/blob/main/packages/{path}#L{line}`,
  outputFileStrategy: 'modules',
  flattenOutputFiles: true,
  entryFileName: 'index',
  hideBreadcrumbs: true,
  hidePageHeader: true,
  useCodeBlocks: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  groupOrder: ['Functions', 'Variables', 'Classes', 'Interfaces', 'Type Aliases', 'References'],
  tableColumnSettings: { hideSources: true, hideModifiers: true, hideOverrides: true, hideInherited: true },
  propertyMembersFormat: 'table'
}

/** VitePress's anchor of a heading, without the number that tells equal ones apart. */
const slug = (heading) =>
  heading
    .replace(/\\(.)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')

/** Headings of a page, with their anchors as VitePress numbers equal ones. */
const headingsOf = (markdown) => {
  const seen = new Map()
  return [...markdown.replace(/^```.*?^```$/gms, '').matchAll(/^(#+) (.*)$/gm)].map(([, level, heading]) => {
    const plain = slug(heading)
    const count = seen.get(plain) ?? 0
    seen.set(plain, count + 1)
    return { level: level.length, heading, anchor: count === 0 ? plain : `${plain}-${count}` }
  })
}

const known = new Map()
const anchorsIn = (markdown) => {
  const anchors = known.get(markdown) ?? new Set(headingsOf(markdown).map(({ anchor }) => anchor))
  known.set(markdown, anchors)
  return anchors
}

/** Public name → anchor. A value and a type can have one name; the value comes first and stays. */
const namesOn = (markdown) => {
  const names = new Map()
  for (const { level, heading, anchor } of headingsOf(markdown)) {
    const name = heading.replace(/\\(.)/g, '$1').replace(/(<.*>)?(\(\))?$/, '')
    if (level === 3 && !names.has(name)) names.set(name, anchor)
  }
  return names
}

/**
 * The site has no raw HTML, and sections are what its search finds: a name is one, the list of its parameters is not.
 */
const asPage = (markdown) =>
  markdown
    .replace(/<a id="[^"]*"><\/a> ?/g, '')
    .replace(/^#{4,6} (.*)$/gm, '**$1**')
    .replace(/^Defined in: (.*)$/gm, '_$1_')
    .replace(/^\*\*\*\n/gm, '')

/** A link into the middle of a name's section leads to nothing that can be seen from afar: its text stays. */
const withoutInnerLinks = (pages) =>
  Object.fromEntries(
    Object.entries(pages).map(([name, markdown]) => [
      name,
      markdown.replace(/\[([^\]]*)\]\((?:([\w-]+)\.md)?#([\w-]+)\)/g, (link, text, page, anchor) =>
        anchorsIn(pages[page ?? name] ?? '').has(anchor) ? link : text
      )
    ])
  )

/** TypeDoc's pages as the site has them, and where each public name is documented. */
export const finished = (raw) => {
  const pages = withoutInnerLinks(
    Object.fromEntries(Object.entries(raw).map(([name, markdown]) => [name, asPage(markdown)]))
  )
  const names = Object.fromEntries(
    Object.entries(pages).flatMap(([name, markdown]) =>
      [...namesOn(markdown)].map(([each, anchor]) => [each, { package: name, anchor }])
    )
  )
  return { pages, names }
}

/** Writes the pages; answers how many names they document. */
export const writeApiPages = async () => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const app = await Application.bootstrapWithPlugins(options)
  const project = await app.convert()
  if (project === undefined) throw new Error('the sources could not be read for the API pages')
  // `packages/metrics/src` → `metrics`, which names the page.
  for (const module of project.children ?? []) {
    module.name = module.name.replace(/^(?:packages\/)?([\w-]+)\/src(?:\/index)?$/, '$1')
  }
  await app.generateOutputs(project)
  if (app.logger.hasErrors()) throw new Error('the API pages could not be written')
  const { pages, names } = finished(
    Object.fromEntries(packages.map((name) => [name, readFileSync(join(folder, `${name}.md`), 'utf8')]))
  )
  for (const name of packages) writeFileSync(join(folder, `${name}.md`), pages[name])
  writeFileSync(namesFile, JSON.stringify(names))
  return Object.keys(names).length
}
