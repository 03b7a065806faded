import { defineConfig } from 'tsup'
import { library } from '../../tsup.base'

export default defineConfig({
  ...library,
  // It is published as ES modules only, which `require` cannot load on Node 20, so it is bundled.
  noExternal: ['linear-sum-assignment']
})
