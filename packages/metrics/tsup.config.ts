import { defineConfig } from 'tsup'
import { library } from '../../tsup.base'

export default defineConfig({
  ...library,
  // It is published as ES modules only, which `require` cannot load on Node 20, so it is bundled;
  // what it shares with `@mechid/numerics`, ml-matrix, is a dependency, so that no one gets it twice.
  noExternal: ['linear-sum-assignment']
})
