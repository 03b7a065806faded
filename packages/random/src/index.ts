export { type Generator, generator } from './generator.js'
