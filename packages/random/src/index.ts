export { type Generator, generator } from './generator.js'
export { type Grouping, windowedPermutation } from './windowed-permutation.js'
