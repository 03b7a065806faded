/** Browsers have no folders; a path is refused where it is opened. */
import type * as node from './data-folder.js'

export const isFolder: typeof node.isFolder = () => Promise.resolve(false)

export const fileIn: typeof node.fileIn = (folder, name) => `${folder}/${name}`
