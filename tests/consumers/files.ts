import { type NumericArray, readNpz, writeNpz } from '@mechid/files'

const x: NumericArray = { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] }

const main = async (): Promise<void> => {
  await writeNpz('data.npz', { x })()
  const read = await readNpz('data.npz')()
  if (read._tag === 'Right') console.log(JSON.stringify(read.right.x.shape))
}

main()
