import { type Generator, generator } from '@mechid/random'

const root: Generator = generator(1)
console.log([...root.permutation(4)].sort().join(' '))
