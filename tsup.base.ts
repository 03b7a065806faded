import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Options } from 'tsup'

/** What every package's build shares: ESM and CommonJS, each with its own types. */
export const library: Options = {
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'node20',
  platform: 'node',
  treeshake: true
}

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

/** Takes `name.browser.ts` in place of a `name.ts` that stands beside it. */
const browserFiles: Plugin = {
  name: 'browser-files',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.{1,2}\/.*\.js$/ }, ({ path, resolveDir }) => {
      const inBrowsers = join(resolveDir, path.replace(/\.js$/, '.browser.ts'))
      return existsSync(inBrowsers) ? { path: inBrowsers } : undefined
    })
  }
}

/**
 * Builds a package that needs Node, and a second time for browsers (`dist/browser`, where the condition `browser` of its
 * `exports` leads). In the latter, files called `name.browser.ts` stand for the `name.ts` beside them, with the same exports.
 */
export const libraryAndBrowsers = (options: Options = {}): Options[] => [
  // The other build runs at the same time, and cleans its own folder.
  { ...library, ...options, clean: ['!browser/**'] },
  {
    ...library,
    ...options,
    format: ['esm'],
    dts: false,
    outDir: 'dist/browser',
    target: 'es2022',
    platform: 'browser',
    // Bundlers resolve what plain Node cannot; bundled here it would be there twice.
    noExternal: [],
    esbuildPlugins: [browserFiles]
  }
]
