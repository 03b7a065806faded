/** Data that cannot be learned from, and places that cannot be written to: status 1. */
import { rows } from '../program.js'
import { cases, GOOD, numbers, x300 } from './case.js'

export const refusedData = cases([
  [
    'x and a of different lengths',
    async ({ archive }) => archive('lengths.npz', { x: x300, a: numbers([10, 1], Math.sin) }),
    /the number of lines of a is 10, expected 300/
  ],
  [
    'lengths that do not add up',
    async ({ archive }) => archive('sums.npz', { x: x300, lengths: numbers([2], () => 4) }),
    /lengths is 2 numbers with sum 8/
  ],
  [
    'fewer rows than needed',
    async ({ archive }) => archive('few.npz', rows(12)),
    /12 rows, at least 20 are needed/
  ],
  [
    'rows without actions',
    async ({ archive }) => archive('alone.npz', { x: x300 }),
    /temporal, or static with actions/
  ],
  [
    'features that never change',
    async ({ archive }) => archive('same.npz', { ...rows(300), x: numbers([300, 2], () => 7) }),
    /2 features is the same in every row of the training \(x0, x1\)|2 features/
  ],
  [
    'a feature that never changes, where that is forbidden',
    async ({ archive }) =>
      archive('strict.npz', { ...rows(300), x: numbers([300, 2], (i) => (i % 2 === 0 ? i : 7)) }, '--strict'),
    /a feature is the same in every row of the training \(x1\)/
  ],
  [
    'discrete actions of very many values',
    async ({ archive }) =>
      archive('many.npz', { x: rows(1500).x, a: numbers([1500], (i) => i) }, '--actions', 'discrete'),
    /discrete action a0 is more than 1000 different values/
  ],
  ['a place where nobody writes', () => [...GOOD, '--out', '/proc/nobody/out'], /cannot be written/],
  ['a place below a file', () => [...GOOD, '--out', 'good.npz/out'], /good.npz\/out.*cannot be written/],
  [
    'a summary where nobody writes',
    () => [...GOOD, '--json', '/proc/nobody/summary.json'],
    /cannot be written/
  ]
])
