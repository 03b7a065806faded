/** Whether rows are what a model takes. */
import { entryCount, type Samples, type ShapeMismatch, shapeMismatch, showShape } from '@mechid/values'

/** `ShapeMismatch` where `rows` are not [n, columns] with as many numbers. */
export const rowsMisfit = (
  where: string,
  what: string,
  { data, shape }: Samples,
  columns: number
): ShapeMismatch | undefined => {
  if (shape[1] === columns && data.length === entryCount(shape)) return undefined
  const actual = `${showShape(shape)} with ${data.length} numbers`
  return shapeMismatch(where, what, actual, `[rows, ${columns}]`)
}
