import { defineConfig } from 'tsup'
import { libraryAndBrowsers } from '../../tsup.base'

export default defineConfig(libraryAndBrowsers())
