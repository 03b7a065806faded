import { defineConfig } from 'tsup'

export default defineConfig({
  // The program, and what each of its worker processes runs.
  entry: ['src/index.ts', 'src/runner.ts'],
  format: ['esm'],
  target: 'node20',
  platform: 'node',
  clean: true,
  dts: false
})
