import { type NumericArray, npzBytes, readNpz } from '@mechid/files'

const x: NumericArray = { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] }

/** Where there is no disk, too. */
const main = async (): Promise<void> => {
  const bytes = await npzBytes({ x }, { compress: true })()
  const read = bytes._tag === 'Right' ? await readNpz(bytes.right)() : bytes
  console.log(read._tag === 'Right' ? JSON.stringify(read.right.x.shape) : read.left.message)
}

main()
