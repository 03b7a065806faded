/** Reads a data file, holds rows back for the scores, and standardizes the features. */
import { failWith, orFail } from '@mechid/example-terminal'
import { generator } from '@mechid/random'
import {
  type DataSet,
  type DataShape,
  dataShape,
  readDataSet,
  type Split,
  splitRows,
  standardizationOf,
  standardize
} from '@mechid/simulators'
import type { Standardization } from '@mechid/values'

/** A data set, ready for training. */
export interface Prepared {
  /** With standardized features. */
  readonly data: DataSet
  readonly shape: DataShape
  readonly split: Split
  /** Mean and scale of the training rows. */
  readonly standardization: Standardization
}

const TEST_SHARE = 0.1
const FEWEST_TEST_ROWS = 10

const constantAmong = ({ scale }: Standardization): number => scale.indexOf(0)

/** Reads and prepares the file. Where something is wrong with it, the program ends and says what. */
export const prepareData = async (file: string, actions: string, seed: number): Promise<Prepared> => {
  const kind = actions === 'discrete' ? 'discrete' : 'continuous'
  const data = orFail(await readDataSet(file, { actions: kind })())
  const shape = dataShape(data)
  const split = splitRows(shape.rows, { validation: 0, test: TEST_SHARE }, generator(seed).split('split'))
  if (split.test.length < FEWEST_TEST_ROWS) {
    const least = FEWEST_TEST_ROWS / TEST_SHARE
    return failWith(`${file}: ${shape.rows} rows; at least ${least} are needed, since a tenth is held back.`)
  }
  const standardization = standardizationOf(data.x, split.train)
  const constant = constantAmong(standardization)
  if (constant >= 0) {
    const where = `feature ${constant} of x (counted from 0)`
    return failWith(`${file}: ${where} varies in held-out rows only; leave it out, or give more rows.`)
  }
  return { data: { ...data, x: standardize(data.x, standardization) }, shape, split, standardization }
}
