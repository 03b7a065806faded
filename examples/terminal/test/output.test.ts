import { describe, expect, it, vi } from 'vitest'
import { say, table } from '../src/output.js'

/** Clears the screen, rings, turns the direction of writing, and ends the line. */
const NAME = 'speed\u001b[2J\u0007\u202e\r'
const SHOWN = 'speed\\u001b[2J\\u0007\\u202e\\r'

describe('names of others', () => {
  it('command no terminal', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    say(`a line with ${NAME}\nand another`)
    expect(log.mock.calls).toEqual([[`a line with ${SHOWN}\nand another`]])
    log.mockRestore()
  })

  it('leave the columns of a table where they are', () => {
    const lines = table([
      ['name', 'value'],
      [`two\nlines ${NAME}`, '1'],
      ['x', '22']
    ]).split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[2]).toBe(`two\\nlines ${SHOWN}      1`)
    expect(new Set([lines[0], lines[2], lines[3]].map((line) => line.length)).size).toBe(1)
  })
})
