import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', 'time-to-mcc': 'src/time-to-mcc/index.ts' },
  format: ['esm'],
  target: 'node20',
  platform: 'node',
  clean: true,
  dts: false
})
