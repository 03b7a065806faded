/** Archives, tensors and arrays that are refused: status 1. */
import { mkdirSync, readFileSync } from 'node:fs'
import { writeSafetensors } from '@mechid/files'
import { orThrow } from '@mechid/values'
import { dictionary, npyFile, zipFile } from '../../../../packages/files/test/zip-file.js'
import { cases, npy, numbers, of, x300 } from './case.js'

export const refusedArrays = cases([
  ['a file that is not there', () => of('nowhere.npz'), /nowhere.npz: there is no such file/],
  [
    'a folder',
    ({ at }) => {
      mkdirSync(at('folder.npz'), { recursive: true })
      return of('folder.npz')
    },
    /it is a directory/
  ],
  ['nothing', ({ file }) => file('empty.npz', ''), /empty.npz: there is no array/],
  [
    'half an archive',
    ({ file, at }) => file('half.npz', readFileSync(at('good.npz')).subarray(0, 3000)),
    /half.npz: cut off after 3,000 bytes/
  ],
  [
    'an archive that leads upwards',
    ({ file }) => file('up.npz', zipFile([{ name: '../../x.npy', data: npy }])),
    /entry "..\/..\/x.npy": its name is a path of its own/
  ],
  [
    'an archive that leads to the root',
    ({ file }) => file('root.npz', zipFile([{ name: '/x.npy', data: npy }])),
    /entry "\/x.npy": its name/
  ],
  [
    'an archive with a drive',
    ({ file }) => file('drive.npz', zipFile([{ name: 'C:\\x.npy', data: npy }])),
    /its name is a path of its own/
  ],
  [
    'one name twice in an archive',
    ({ file }) =>
      file(
        'twice.npz',
        zipFile([
          { name: 'x.npy', data: npy },
          { name: 'x.npy', data: npy }
        ])
      ),
    /entry "x.npy": its name is that of two entries/
  ],
  [
    'an archive that claims 100 GB',
    ({ file }) =>
      file('claims.npz', zipFile([{ name: 'x.npy', data: npy, deflated: true, says: { size: 1e11 } }])),
    /entry "x.npy": the size is 100,000,000,000 bytes, expected at most/
  ],
  [
    'an archive that unpacks to more than it says',
    ({ file }) =>
      file(
        'bomb.npz',
        zipFile([
          {
            name: 'x.npy',
            data: Buffer.concat([npy, Buffer.alloc(1e6)]),
            deflated: true,
            says: { size: npy.length }
          }
        ])
      ),
    /entry "x.npy": damaged \(more than/
  ],
  [
    'an archive in an archive',
    ({ file }) =>
      file('nested.npz', zipFile([{ name: 'inner.npz', data: zipFile([{ name: 'x.npy', data: npy }]) }])),
    /what it holds is "inner.npz", expected arrays/
  ],
  [
    'an archive with a password',
    ({ file }) =>
      file('secret.npz', zipFile([{ name: 'x.npy', data: npy, deflated: true, says: { flags: 1 } }])),
    /entry "x.npy": it is encrypted/
  ],
  [
    'a misspelt array',
    async ({ archive }) => archive('obs.npz', { observed: x300 }, '--x', 'obsrved'),
    /there is no array "obsrved"; it holds "observed"; did you mean "observed"\?/
  ],
  [
    'arrays of other names',
    async ({ archive }) => archive('named.npz', { obs: x300 }),
    /there is no array "x"; it holds "obs"/
  ],
  [
    'objects',
    ({ file }) => file('objects.npy', npyFile(dictionary('|O', '(2, 3)'), Buffer.alloc(48))),
    /element type is \|O, expected numbers: array.astype/
  ],
  [
    'an array of text',
    ({ file }) => file('text.npy', npyFile(dictionary('<U4', '(2, 3)'), Buffer.alloc(96))),
    /element type is <U4, expected numbers: numpy.unique/
  ],
  [
    'complex numbers',
    ({ file }) => file('complex.npy', npyFile(dictionary('<c16', '(2, 3)'), Buffer.alloc(96))),
    /array.real/
  ],
  [
    'a header that claims a terabyte',
    ({ file }) => file('huge.npy', npyFile(dictionary('<f8', '(100000, 1000000)'), Buffer.alloc(48))),
    /huge.npy: cut off after 176 bytes/
  ],
  [
    'a negative length',
    ({ file }) => file('negative.npy', npyFile(dictionary('<f8', '(-2, 3)'))),
    /'shape' is "\(-2, 3\)", expected a tuple of lengths/
  ],
  [
    'lengths whose product overflows',
    ({ file }) => file('overflow.npy', npyFile(dictionary('<f8', '(4294967296, 4294967296)'))),
    /expected a tuple of lengths/
  ],
  [
    'a .safetensors with a header of its own length',
    ({ file }) => file('length.safetensors', Buffer.alloc(64, 0xff)),
    /length.safetensors: the start is a header length/
  ],
  [
    'a .safetensors cut off',
    async ({ file, at }) => {
      await orThrow(writeSafetensors(at('whole.safetensors'), { x: x300 }))
      return file('cut.safetensors', readFileSync(at('whole.safetensors')).subarray(0, 500))
    },
    /cut.safetensors: cut off/
  ],
  [
    'images flat and wrong',
    async ({ archive }) => archive('rank.npz', { x: numbers([2, 2, 2, 2, 2, 2], Math.sin) }),
    /the shape of x is \[2, 2, 2, 2, 2, 2\]/
  ]
])
