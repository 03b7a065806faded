/** The site: pages are the repository's own Markdown files, read in place. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { excluded, placeOf, repository, root } from '../pages.mjs'
import { sourceLinks } from './source-links.mjs'

const packages = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'README.md'))
)

/** Titles and order of the guides; a test holds that no page is forgotten. */
const guides = [
  [
    'Begin here',
    [
      ['Overview', '/overview'],
      ['Getting started', '/getting-started'],
      ['Concepts', '/concepts'],
      ['From the papers to the code', '/paper-to-code'],
      ['What runs where', '/support'],
      ['All pages', '/contents']
    ]
  ],
  [
    'Before training',
    [
      ['Before you collect data', '/causal-graphs'],
      ['What an assumption buys', '/assumptions'],
      ['What known mechanisms identify', '/algebra'],
      ['Which maps commute', '/commuting-maps'],
      ['Writing a mechanism', '/writing-a-mechanism']
    ]
  ],
  [
    'Training and checking',
    [
      ['Estimation', '/estimation'],
      ['A recording from start to end', '/recordings'],
      ['The published problems', '/published-problems'],
      ['The verdict', '/verdict'],
      ['Sweeps', '/sweeps'],
      ['Known mechanisms', '/known-mechanisms'],
      ['From Python and back', '/from-python'],
      ['Baselines', '/baselines'],
      ['Benchmarks', '/benchmarks']
    ]
  ]
]

const guided = new Set(guides.flatMap(([, pages]) => pages.map(([, link]) => link)))

/** Guides that no list names yet stand under their file's name. */
const others = readdirSync(join(root, 'docs'))
  .filter((file) => file.endsWith('.md'))
  .map((file) => `/${placeOf(`docs/${file}`).replace(/\.md$/, '')}`)
  .filter((link) => !guided.has(link))

const titled = (link) =>
  link
    .slice(1)
    .replaceAll('-', ' ')
    .replace(/^./, (first) => first.toUpperCase())

const item = ([text, link]) => ({ text, link })

const sidebar = [
  ...guides.map(([text, pages]) => ({ text, items: pages.map(item) })),
  ...(others.length === 0 ? [] : [{ text: 'More', items: others.map((link) => item([titled(link), link])) }]),
  { text: 'Packages', collapsed: true, items: packages.map((name) => item([name, `/packages/${name}`])) },
  { text: 'API', collapsed: true, items: packages.map((name) => item([name, `/api/${name}`])) },
  { text: 'Contributing', link: '/contributing' }
]

/** Pages lie all over the repository, and ask for Vue from where they lie. */
const vueOfTheSite = {
  name: 'vue-of-the-site',
  enforce: 'pre',
  resolveId(id, importer, options) {
    if (!/^vue(\/|$)/.test(id) || importer === undefined) return null
    return this.resolve(id, fileURLToPath(import.meta.url), { ...options, skipSelf: true })
  }
}

/** Three latents, each with its own. Nothing is loaded from elsewhere. */
const favicon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#2a78b8"/><path d="M8 16L24 8M8 16L24 24" stroke="#fff" stroke-width="2"/><g fill="#fff"><circle cx="8" cy="16" r="4"/><circle cx="24" cy="8" r="4"/><circle cx="24" cy="24" r="4"/></g></svg>'
)}`

export default defineConfig({
  title: 'mechid',
  description: 'Identifiable representation learning from mechanisms, in TypeScript',
  lang: 'en',
  srcDir: '..',
  outDir: '../out/site',
  cacheDir: '../out/site-cache',
  srcExclude: excluded,
  rewrites: placeOf,
  cleanUrls: true,
  metaChunk: true,
  // Every link is checked again in what was built, anchors and pictures too: site/links.mjs.
  ignoreDeadLinks: false,
  markdown: {
    html: false,
    theme: { light: 'github-light', dark: 'github-dark' },
    config: (md) => md.use(sourceLinks)
  },
  head: [['link', { rel: 'icon', href: favicon }]],
  themeConfig: {
    nav: [
      { text: 'Getting started', link: '/getting-started' },
      { text: 'Concepts', link: '/concepts' },
      { text: 'Papers to code', link: '/paper-to-code' },
      { text: 'API', link: '/api/' },
      { text: 'Source', link: repository }
    ],
    sidebar,
    outline: { level: [2, 3], label: 'On this page' },
    search: { provider: 'local', options: { detailedView: true } },
    footer: { message: 'MIT licence' }
  },
  vite: { plugins: [vueOfTheSite], build: { chunkSizeWarningLimit: 2000 } }
})
