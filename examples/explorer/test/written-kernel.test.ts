import { causalGraph } from '@mechid/mechanisms'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { samples } from '../src/page/kernel/samples.js'
import { kernelAnswer } from '../src/page/questions/kernel-answer.js'
import { kernelOf } from '../src/page/questions/written-kernel.js'

const fault = (source: string): string => {
  const made = kernelOf(source)
  return E.isLeft(made) ? made.left.message : 'a kernel'
}

describe('a kernel that is written', () => {
  it.each(samples.map(({ title, source }) => [title, source] as const))('is understood: %s', (_, source) => {
    const made = kernelOf(source)
    expect(made).toMatchObject({ _tag: 'Right' })
    if (E.isRight(made) && made.right.kernel !== undefined)
      expect(made.right.graph).toEqual(causalGraph(made.right.kernel))
  })

  it('may have statements before it', () => {
    const made = kernelOf(
      'const two = 2\nkernel({ latents: 1, actions: 1, location: (F, _, [a]) => [F.mul(F.lit(two), a)], scale: 1 });'
    )
    expect(made).toMatchObject({ _tag: 'Right', right: { graph: { actions: [[1]] } } })
  })

  it.each([
    ['', 'There is nothing written yet.'],
    ['kernel({\n  latents: 2,,\n})', 'Line 2, column 14: Unexpected token.'],
    [
      'kernel({ latents: 1, location: (F: any) => [F.one], scale: 1 })',
      'Line 1, column 34: Unexpected token. Types are not understood here: leave them out.'
    ],
    ['const k = 1', 'The text must end with the kernel: kernel({ … }) as its last statement.'],
    ['({ a: 1 })', 'The last statement must be a kernel: kernel({ … }).'],
    ['{ latents: 1 }', 'A list of options alone is no kernel: write kernel({ … }) around it.'],
    ['\n\nkernl({})', 'Line 3: kernl is not defined.'],
    [
      'kernel({\n  latents: 1,\n  location: (F) =>\n    [F.sine(F.one)],\n  scale: 1\n})',
      /^Line 4: .*F\.sine is not a function/
    ],
    ['kernel({ latents: 2, location: (F) => [F.one], scale: 1 })', /is 1, expected 2/],
    ['kernel({ latents: 1, location: (F) => [F.one], scale: -1 })', /scale|positive/],
    ['kernel({ latents: 20, location: (F) => new Array(20).fill(F.one), scale: 1 })', /12 of each at most/]
  ])('says what is wrong with %j', (source, message) => {
    expect(fault(source)).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
  })

  it('is answered as plain data, with the other model as equations', () => {
    const made = kernelOf(samples[0].source)
    if (E.isLeft(made)) throw new Error(made.left.message)
    const answer = kernelAnswer(made.right)
    expect(structuredClone(answer)).toEqual(answer)
    expect(answer.verdict.text).toBe('not identified')
    expect(answer.influence.verdict).toBe('sufficient')
    expect(answer.witness.equations).toHaveLength(2)
    expect(answer.witness.equations[0]).toMatch(/^z0 = .+ ẑ0 [+−] .+ ẑ1$/)
  })
})
