/** Command lines that were not understood: status 2. */
import { table } from '../program.js'
import { cases, GOOD } from './case.js'

export const misunderstood = cases([
  ['no data', () => ['--latents', '2'], /--data is missing; see --help/],
  ['no number of latents', () => ['--data', 'good.npz'], /--latents is missing/],
  ['an option that there is not', () => [...GOOD, '--colour'], /there is no option --colour; see --help/],
  ['a misspelt option', () => [...GOOD, '--sed', '1'], /no option --sed; did you mean --seeds?\?/],
  ['an option of JavaScript', () => [...GOOD, '--__proto__', '1'], /there is no option --__proto__/],
  ['a letter', () => [...GOOD, '-x'], /there is no option -x; did you mean --x\?/],
  ['a word too many', () => [...GOOD, 'more'], /"more" belongs to no option/],
  ['an option twice', () => [...GOOD, '--seed', '1', '--seed', '2'], /--seed is given twice/],
  ['an option without its value', () => ['--data', '--latents', '2'], /--data needs a value/],
  ['an option without its value at the end', () => [...GOOD, '--seed'], /--seed needs a value/],
  ['a value too many', () => [...GOOD, '--resume=no'], /--resume takes no value/],
  [
    'no latents',
    () => ['--data', 'good.npz', '--latents', '0'],
    /--latents is "0"; it must be a number, 1 or more, a range such as 8..12, or auto/
  ],
  ['half a latent', () => ['--data', 'good.npz', '--latents', '2.5'], /--latents is "2.5"/],
  ['latents in words', () => ['--data', 'good.npz', '--latents', 'two'], /--latents is "two"/],
  ['endless steps', () => [...GOOD, '--steps', 'Infinity'], /--steps is "Infinity"/],
  ['no learning rate', () => [...GOOD, '--learning-rate', '0'], /--learning-rate is "0".*more than 0/],
  ['fewer edges than none', () => [...GOOD, '--edges', '-1'], /--edges is "-1".*0 or more/],
  [
    'no seeds',
    () => [...GOOD, '--seeds', '0'],
    /--seeds is "0"; it must be an integer, 1 or more, at most 1000/
  ],
  ['too many seeds', () => [...GOOD, '--seeds', '5000'], /--seeds is "5000"/],
  [
    'a seed that no double holds',
    () => [...GOOD, '--seed', '9007199254740993'],
    /--seed is "9007199254740993"/
  ],
  [
    'a misspelt preset',
    () => [...GOOD, '--preset', 'fats'],
    /one of auto, fast, gated, published; did you mean fast/
  ],
  [
    'an engine that there is not',
    () => [...GOOD, '--engine', 'gpu'],
    /--engine is "gpu"; it must be one of auto/
  ],
  ['misspelt actions', () => [...GOOD, '--actions', 'discreet'], /did you mean discrete/],
  [
    'series and sequence',
    ({ file }) => [...file('both.csv', table(30)), '--series', '--sequence', 'day'],
    /exclude each other/
  ],
  [
    'an array of a table',
    ({ file }) => [...file('array-of.csv', table(30)), '--x', 'obs'],
    /--x names an array, and array-of.csv is a table; choose its columns by --features/
  ],
  [
    'columns of an archive',
    () => [...GOOD, '--features', 'x*'],
    /--features names columns of a table, and good.npz holds arrays; use --x/
  ],
  ['a sequence column of an archive', () => [...GOOD, '--sequence', 'day'], /an array called lengths/],
  ['one file twice', () => [...GOOD, '--data', './good.npz'], /--data .\/good.npz is given twice/],
  ['results over the data', () => [...GOOD, '--json', './good.npz'], /--json is .\/good.npz, which is read/],
  [
    'more latents than features',
    () => ['--data', 'good.npz', '--latents', '5'],
    /--latents is 5, expected at most the number of features, 3/
  ],
  [
    'more edges than there can be',
    () => [...GOOD, '--edges', '99'],
    /--edges is 99, expected between 0 and 4/
  ],
  [
    'a batch of more rows than there are',
    () => [...GOOD, '--batch', '500'],
    /--batch is 500, expected at most the number of examples to train on, 270/
  ]
])
