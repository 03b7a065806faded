import { defineConfig } from 'tsup'
import { libraryAndBrowsers } from '../../tsup.base'

export default defineConfig(
  // Plain Node cannot resolve the imports inside this entry of TF.js, so it is bundled.
  libraryAndBrowsers({ noExternal: [/register_all_gradients/] })
)
