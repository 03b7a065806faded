/** Ctrl-C, signals, lost outputs and lost folders: the state is kept, the terminal is as it was, nothing is half-written. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { program, rows, SHORT, workplace } from './program.js'

// Processes that train, on machines that are busy.
vi.setConfig({ testTimeout: 240_000 })

const { folder, at, fit, started, written, npz, held } = workplace('fit-interrupts')
const ENDLESS = ['--latents', '2', '--data', 'rows.npz', '--steps', '100000', '--edges', '2']
await npz('rows.npz', rows(1000))

/** What is left of a training that was interrupted: its state, and what short ones before it decided. */
const KEPT = ['checkpoint.safetensors', 'variance.json']

const root = fileURLToPath(new URL('../../..', import.meta.url))
const terminal = fileURLToPath(new URL('./pseudo_terminal.py', import.meta.url))
const python = spawnSync('python3', ['-c', 'import pty, termios, os; os.waitstatus_to_exitcode'])

/** What `pseudo_terminal.py` tells. */
interface Ended {
  readonly status: number
  readonly text: string
  /** How often; fewer times than asked for where the command ended before. */
  readonly pressed: number
  readonly cursorHidden: boolean
  readonly linesCut: boolean
  readonly restored: boolean
}

describe.skipIf(python.status !== 0)('Ctrl-C in a terminal, through npm run', () => {
  const pressed = (out: string, awaited: string, seconds: string): Ended => {
    const command = ['npm', '--prefix', root, 'run', 'fit', '--', ...ENDLESS, '--out', out]
    const done = spawnSync('python3', [terminal, awaited, seconds, ...command], {
      encoding: 'utf8',
      cwd: folder,
      env: { ...process.env, MECHID_BUILT: '1' }
    })
    return JSON.parse(done.stdout)
  }
  const untouched = { cursorHidden: false, linesCut: false, restored: true }

  it.each(['0.1', '0.4', '0.9', '1.3', '0.5,0.6,0.65'])(
    'after %s s of training keeps the state and the terminal',
    async (seconds) => {
      const out = `pressed-${seconds}`
      const ended = pressed(out, 'training ', seconds)
      expect(ended).toMatchObject(untouched)
      expect(ended.pressed).toBeGreaterThan(0)
      expect(ended.status).not.toBe(0)
      // npm may end before the program has saved.
      await expect.poll(() => held(out), { timeout: 10_000 }).toEqual(KEPT)
      expect(ended.text).toMatch(/interrupted at step \d+; the same command with --resume goes on from here/)
    },
    240_000
  )

  it('before the training has begun leaves nothing', async () => {
    const ended = pressed('early', '> node', '0.05')
    expect(ended).toMatchObject(untouched)
    expect(ended.pressed).toBe(1)
    expect(ended.status).not.toBe(0)
    await expect.poll(() => held('early'), { timeout: 10_000 }).toEqual([])
  })
})

describe('a signal', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s keeps the state',
    async (signal) => {
      const { child, ended } = await started('rows.npz', signal)
      child.kill(signal)
      expect(await ended).toBe(130)
      expect(held(signal)).toEqual(KEPT)
    },
    120_000
  )

  it('that comes again at once does not lose the state', async () => {
    const { child, ended } = await started('rows.npz', 'twice')
    child.kill('SIGINT')
    child.kill('SIGINT')
    setTimeout(() => child.kill('SIGTERM'), 20)
    expect(await ended).toBe(130)
    expect(held('twice')).toEqual(KEPT)
  })
})

describe('short trainings before the one that was asked for', () => {
  const state = at('pilots/pilots/variance depends/checkpoint.safetensors')
  /** Starts or resumes the run, and interrupts it once `file` is there. */
  const until = async (file: string, ...more: string[]): Promise<string> => {
    const child = spawn(process.execPath, [program, ...ENDLESS, '--out', 'pilots', ...more], { cwd: folder })
    let said = ''
    child.stdout.on('data', (text) => {
      said += text
    })
    child.stderr.on('data', (text) => {
      said += text
    })
    const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
    await expect.poll(() => existsSync(file), { timeout: 120_000, interval: 20 }).toBe(true)
    child.kill('SIGINT')
    expect(await ended, said).toBe(130)
    return said
  }

  it('go on where they stopped, decide once, and leave what they decided', async () => {
    // In the second of the two trainings.
    expect(await until(state)).toMatch(/the same command with --resume goes on from here/)
    expect(held('pilots')).toEqual(['pilots'])
    expect(held('pilots/pilots')).toEqual(['variance constant', 'variance depends'])
    const resumed = await until(at('pilots/checkpoint.safetensors'), '--resume')
    // The first of them is not done again: the bar starts beyond it.
    expect(resumed).not.toMatch(/variances: [1-4]0%/)
    expect(held('pilots')).toEqual(KEPT)
    const decided = JSON.parse(readFileSync(at('pilots/variance.json'), 'utf8'))
    expect(decided).toMatchObject({
      seed: 1,
      latents: 2,
      variance: expect.stringMatching(/constant|depends/)
    })
    rmSync(at('pilots/checkpoint.safetensors'))
    const again = await until(at('pilots/checkpoint.safetensors'), '--resume')
    expect(again).toMatch(/What short trainings decided before is in pilots\/variance\.json\./)
    expect(again).not.toMatch(/Two short trainings tell/)
  })

  it('count for the same data and seed only', async () => {
    rmSync(at('pilots/checkpoint.safetensors'), { force: true })
    const other = await until(at('pilots/checkpoint.safetensors'), '--resume', '--seed', '2')
    expect(other).toMatch(/Two short trainings tell/)
  })
})

describe('a folder', () => {
  it('that another run writes to is refused, and free once that run was killed', async () => {
    const { child, ended } = await started('rows.npz', 'shared')
    const second = fit('--data', 'rows.npz', ...SHORT, '--out', 'shared')
    expect(second.status).toBe(1)
    expect(second.stderr).toMatch(/shared: another run \(process \d+\) writes there/)
    child.kill('SIGKILL')
    expect(await ended).toBe('SIGKILL')
    expect(fit('--data', 'rows.npz', ...SHORT, '--out', 'shared').status).toBe(0)
  })

  it('is rid of what a killed run had not finished writing, and of nothing else', () => {
    mkdirSync(at('killed/pictures'), { recursive: true })
    const left = '.model.onnx.01234567-89ab-cdef-0123-456789abcdef.tmp'
    for (const name of [left, `pictures/${left}`, '.mine.tmp']) written(`killed/${name}`, 'half')
    expect(fit('--data', 'rows.npz', ...SHORT, '--out', 'killed').status).toBe(0)
    expect(held('killed').filter((name) => name.startsWith('.'))).toEqual(['.mine.tmp'])
    expect(held('killed/pictures').filter((name) => name.startsWith('.'))).toEqual([])
  })
})

describe.skipIf(process.platform === 'win32')('an output', () => {
  const shell = (ending: string): void => {
    const command = [process.execPath, program, '--latents', '2', '--data', 'rows.npz', ...SHORT]
    spawnSync('sh', ['-c', `${command.map((word) => `"${word}"`).join(' ')} ${ending}`], { cwd: folder })
  }

  it.each([
    ['that nobody reads', 'unread', '| true'],
    ['that is closed', 'closed', '>&-'],
    ['that is closed, and that of errors, too', 'silent', '>&- 2>&-']
  ])(
    '%s is no reason to stop',
    (_, out, ending) => {
      shell(`--out ${out} ${ending}`)
      expect(held(out)).toContain('report.html')
      expect(held(out).filter((name) => name.startsWith('.'))).toEqual([])
    },
    120_000
  )
})
