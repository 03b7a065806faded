export { instance, type Memory, PAGE, reserve, type WebAssemblyHost, webAssembly } from './instance.js'
