import { defineConfig } from 'tsup'
import { library } from '../../tsup.base'

export default defineConfig({
  ...library,
  // Plain Node cannot resolve the imports inside this entry of TF.js, so it is bundled.
  noExternal: [/register_all_gradients/]
})
