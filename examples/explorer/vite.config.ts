import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: at('./src/page'),
  // Paths are relative to the page, so that it opens from any folder of any server.
  base: './',
  worker: { format: 'es' },
  build: {
    outDir: at('./dist/page'),
    emptyOutDir: true,
    target: 'es2022',
    // Each worker and each later part is a file of its own by intent; their sizes are asserted by a test.
    chunkSizeWarningLimit: 4000
  }
})
