/** The command line of `npm run time-to-mcc`, what it reads from its peers, and what it tells. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { helpText, parseOptions } from '../../examples/terminal/src/options.js'
import {
  findEngine,
  initialCarry,
  initialParameters,
  isStaged,
  preset,
  trainingStep
} from '../../packages/estimator/src/index.js'
import { writeNpz } from '../../packages/files/src/index.js'
import { generator } from '../../packages/random/src/index.js'
import { orThrow } from '../../packages/values/src/index.js'
import { parameterEntries } from '../src/exchange.js'
import { peerEnvironment, peerScript } from '../src/peer.js'
import { findPython } from '../src/python.js'
import { methodNames, methodsIn, purpose, specs, usageLine } from '../src/time-to-mcc/options.js'
import { pointIn, remarkIn } from '../src/time-to-mcc/peers.js'
import { simulated } from '../src/time-to-mcc/problem.js'
import { firstAbove, pointLine, type Trace, traceRows } from '../src/time-to-mcc/trace.js'

describe('the command line', () => {
  it('trains ours and the recipe in PyTorch on the first problem unless others are named', () => {
    expect(parseOptions(specs, [])).toMatchObject({
      right: { problem: 'ActionNonDiag', methods: 'ours,dense,published', goal: 0.99, rows: 300_000 }
    })
    expect(parseOptions(specs, ['--problem', 'TimeNonDiag', '--goal', '.95'])).toMatchObject({
      right: { problem: 'TimeNonDiag', goal: 0.95 }
    })
  })

  it('says what is wrong', () => {
    expect(parseOptions(specs, ['--problem', 'TimeDiag'])).toMatchObject({
      left: { message: expect.stringContaining('it must be one of ActionNonDiag, TimeNonDiag') }
    })
    for (const [option, value] of [
      ['--goal', '1.5'],
      ['--seconds', '0'],
      ['--steps', '2.5'],
      ['--rows', '10']
    ]) {
      expect(parseOptions(specs, [option, value])).toMatchObject({
        left: { message: expect.stringContaining(option) }
      })
    }
  })

  it('knows its methods', () => {
    expect(methodsIn('ours, code', 'clone')).toEqual({ _tag: 'Right', right: ['ours', 'code'] })
    expect(methodsIn(methodNames.join(), 'clone')).toMatchObject({ right: methodNames })
    expect(methodsIn('ours,code', undefined)).toMatchObject({
      left: expect.stringContaining('needs --code FOLDER')
    })
    expect(methodsIn('ours,jax', undefined)).toEqual({
      _tag: 'Left',
      left: `--methods names "jax"; the methods are ${methodNames.join(', ')}`
    })
  })

  it('explains itself', () => {
    const text = helpText(usageLine, purpose, specs)
    for (const name of methodNames) expect(text).toContain(`  ${name}`)
    expect(text).toContain('--code FOLDER')
  })
})

describe('a line of a peer', () => {
  it('is a point, a remark, or nothing to us', () => {
    const point = '{"seconds": 2.5, "step": 40, "mcc": 0.5, "r": 0.75}'
    expect(pointIn(point)).toEqual({ seconds: 2.5, after: '40 steps', mcc: 0.5, r: 0.75 })
    expect(remarkIn(point)).toBeUndefined()
    const remark = '{"way": "compiled", "stepSeconds": 0.0164}'
    expect(pointIn(remark)).toBeUndefined()
    expect(remarkIn(remark)).toBe('compiled, 16.4 ms a step')
    for (const read of [pointIn, remarkIn]) expect(read('Using seed: 1')).toBeUndefined()
  })
})

describe('a trace', () => {
  const trace: Trace = {
    method: 'ours',
    points: [
      { seconds: 50, after: 'dense', mcc: 0.8, r: 0.99 },
      { seconds: 55, after: 'unmix', mcc: 0.992, r: 0.993 },
      { seconds: 120, after: 'refine', mcc: 0.998, r: 0.998 },
      { seconds: 125, after: 'unmix again', mcc: 0.997, r: 0.998 }
    ]
  }

  it('tells the first time at which the goal was reached, and the best', () => {
    expect(firstAbove(trace, 0.99)?.seconds).toBe(55)
    expect(firstAbove(trace, 0.999)).toBeUndefined()
    const [header, line, other] = traceRows([trace, { method: 'code', points: [trace.points[0]] }], 0.99)
    expect(line).toEqual(['ours', '55 s', '0.9980', 'refine', '0.9980', '2 min'])
    expect(other[1]).toBe('not reached')
    expect(header).toHaveLength(line.length)
    expect(pointLine('ours', trace.points[0])).toBe('ours: 50.0 s, after dense: MCC 0.8000, R 0.9900')
  })

  it('without points is left out', () => {
    expect(traceRows([{ method: 'code', points: [] }], 0.99)).toHaveLength(1)
  })
})

describe('rows', () => {
  it.each(['ActionNonDiag', 'TimeNonDiag'] as const)('of %s are told apart from those held out', (name) => {
    const { rows, held, shape, edges } = simulated(name, 1200, 1)
    expect(rows.x.shape).toEqual(shape.temporal ? [1100, 2, 20] : [1100, 20])
    expect(Object.keys(rows)).toEqual(shape.temporal ? ['x'] : ['x', 'a'])
    expect(held.z.shape).toEqual([shape.temporal ? 200 : 100, 10])
    expect(edges).toBe(shape.temporal ? 55 : 20)
  })
})

const torch = findPython(['numpy', 'scipy', 'torch'])
const missing = torch._tag === 'Left' ? torch.left.message : undefined

/** The Lagrangian of rows in a file with their noise, as the peer computes it. */
const LAGRANGIAN = `
import json, sys, numpy, torch
from networks import parameters_in
from sparse_training import Objective
rows = numpy.load(sys.argv[1])
take = lambda name: torch.from_numpy(rows[name]) if name in rows.files else None
parameters = {name: torch.from_numpy(array) for name, array in parameters_in(rows).items()}
objective = Objective(json.loads(sys.argv[2]))
value, edges = objective(parameters, take("x"), take("a"), take("posteriorNoise"), take("gateNoise"), torch.zeros(()))
print(json.dumps([float(value), float(edges)]))
`

describe.skipIf(missing !== undefined)(missing ?? 'the recipe in PyTorch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'time-to-mcc-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  const python = (...args: string[]): string => {
    const found = torch._tag === 'Right' ? torch.right : ''
    const done = spawnSync(found, ['-B', '-W', 'ignore', ...args], {
      encoding: 'utf8',
      env: { ...peerEnvironment(process.env, 1), PYTHONPATH: dirname(peerScript('sparse_training.py')) }
    })
    if (done.status !== 0) throw new Error(done.stderr)
    return done.stdout
  }

  it('explains itself', () => {
    expect(python(peerScript('sparse_training.py'), '--help')).toContain('--seconds')
  })

  const cases = [false, true].flatMap((temporal) =>
    (['fast', 'published'] as const).map((name) => ({ name, temporal }))
  )

  it.each(cases)('has the objective of ours: $name, temporal $temporal', async ({ name, temporal }) => {
    const shape = { latents: 3, features: 6, actions: temporal ? 0 : 4, temporal }
    const made = orThrow(preset(name, shape, 5))
    const size = { width: 8, depth: 2 }
    const recipe = { ...(isStaged(made) ? made.dense : made), encoder: size, decoder: size, transition: size }
    const random = generator(5)
    const parameters = initialParameters(shape, recipe, random.split('initial'))
    const normals = (...dimensions: number[]) => {
      const data = new Float32Array(dimensions.reduce((product, n) => product * n))
      random.fillNormal(data)
      return { data, shape: dimensions }
    }
    const rows = temporal ? 64 : 32
    const feeds = {
      x: normals(rows, 6),
      ...(temporal ? {} : { a: normals(32, 4) }),
      posteriorNoise: normals(rows, 3),
      gateNoise: normals(3, temporal ? 3 : 4)
    }
    const file = join(folder, `${name}-${temporal}.npz`)
    await orThrow(writeNpz(file, { ...feeds, ...parameterEntries(parameters) }))
    const [theirs] = JSON.parse(python('-c', LAGRANGIAN, file, JSON.stringify(recipe)))

    const number = (value: number) => ({ data: Float32Array.of(value), shape: [] })
    const all = { ...feeds, learningRate: number(0), bound: number(5), penalty: number(0) }
    const engine = await orThrow(findEngine('wasm'))
    const first = initialCarry(parameters, recipe)
    const session = await orThrow(engine.open(trainingStep(shape, recipe), first, all))
    await session.run(all)
    const { loss } = await session.outputs()
    session.dispose()
    expect(theirs).toBeCloseTo(loss.data[0], 4)
  })
})
