import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))
const packages = readdirSync(`${root}packages`)

export default defineConfig({
  resolve: {
    // Tests read the packages' sources, so that none of them depends on a build that is out of date.
    alias: [
      ...packages.map((name) => ({
        find: new RegExp(`^@mechid/${name}$`),
        replacement: `${root}packages/${name}/src/index.ts`
      })),
      ...['gallery', 'terminal'].map((name) => ({
        find: new RegExp(`^@mechid/example-${name}$`),
        replacement: `${root}examples/${name}/src/index.ts`
      })),
      ...(process.env.MECHID_TENSORFLOW_NODE === undefined
        ? []
        : [{ find: /^@tensorflow\/tfjs-node$/, replacement: process.env.MECHID_TENSORFLOW_NODE }])
    ]
  },
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'examples/*/test/**/*.test.ts',
      'bench/test/**/*.test.ts',
      'tests/**/*.test.ts'
    ],
    // TF.js publishes ES modules that plain Node cannot resolve; Vite can.
    server: { deps: { inline: [/@tensorflow\/tfjs-core/] } },
    // By default one core is left idle, and of two that is half of them.
    maxWorkers: '100%',
    testTimeout: 90_000,
    hookTimeout: 90_000,
    reporters: process.env.CI ? ['default', './scripts/plain-count-reporter.mjs'] : ['default']
  }
})
