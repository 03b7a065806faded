/** What a sweep shows while it runs. */
import { describe, expect, it } from 'vitest'
import { sweepDisplay, timeLeft } from '../src/display.js'

const screen = (terminal: boolean) => {
  let text = ''
  return {
    isTTY: terminal,
    columns: 60,
    rows: 8,
    write: (more: string) => {
      text += more
    },
    text: () => text
  }
}

const active = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    worker: `worker ${i + 1}`,
    job: `job-${i + 1}`,
    progress: { stage: 'refine', step: 30, steps: 120 }
  }))

describe('the display', () => {
  it('draws a line for all jobs and one for each that runs, as far as there is room', () => {
    const out = screen(true)
    const { update } = sweepDisplay(out)
    update({ total: 10, done: 4, failed: 1, active: active(6) })
    const lines = out.text().trimEnd().split('\n')
    expect(lines[0]).toMatch(/^█{14}░{14} 4 of 10 done, 1 failed$/)
    expect(lines[1]).toMatch(/^worker 1 {2}█{4}░{10} refine 25% {2}job-1$/)
    expect(lines.slice(1)).toHaveLength(5)
    expect(lines[5]).toBe('and 2 more')
    for (const line of lines) expect(line.length).toBeLessThan(60)
  })

  it('replaces its lines, and leaves what was logged', () => {
    const out = screen(true)
    const { update, log } = sweepDisplay(out)
    update({ total: 2, done: 0, failed: 0, active: active(1) })
    log('something happened')
    update({ total: 2, done: 1, failed: 0, active: [] })
    // Two lines up, and everything below away; the line that stays; the two again.
    expect(out.text().split('\x1b[2A\x1b[0J')).toHaveLength(3)
    expect(out.text()).toContain('\x1b[0Jsomething happened\n')
  })

  it('writes a line whenever a job has finished, where there is no terminal', () => {
    const out = screen(false)
    const { update, log } = sweepDisplay(out)
    for (const done of [0, 0, 1, 1, 2]) update({ total: 2, done, failed: 0, active: active(1) })
    log('at the end')
    expect(out.text()).toMatch(/^0 of 2 done\n1 of 2 done, about \d+ s left\n2 of 2 done\nat the end\n$/)
  })

  it('forecasts from the jobs that have finished', () => {
    expect(timeLeft(60, 2, 4)).toBe(', about 2 min left')
    expect(timeLeft(60, 0, 4)).toBe('')
    expect(timeLeft(60, 6, 0)).toBe('')
  })
})
