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
