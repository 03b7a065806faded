/** A kernel, picked or written: its graph, whether influence suffices, and whether there is another model. */
import { useEffect, useMemo, useState } from 'preact/hooks'
import { useAnswer } from '../elements/asking.js'
import { type ChoiceGroup, SelectField } from '../elements/fields.js'
import { gallery, galleryGroups } from '../link/gallery.js'
import type { Question } from '../questions/protocol.js'
import type { Action } from '../state/reducer.js'
import type { KernelChoice } from '../state/state.js'
import { KernelEditor } from './kernel-editor.js'
import { KernelResult } from './kernel-result.js'
import { samples } from './samples.js'

interface Props {
  readonly choice: KernelChoice
  readonly dispatch: (action: Action) => void
}

/** Values of the chooser: what is written, a sample by its place, or an entry. */
const WRITTEN = 'written'
const sampleValue = (place: number): string => `sample ${place}`

const pickable = (): ReadonlyArray<ChoiceGroup<string>> => [
  {
    title: 'To start from',
    choices: samples.map(({ title }, place) => ({ value: sampleValue(place), title }))
  },
  ...galleryGroups().map(({ heading, entries }) => ({
    title: heading,
    choices: entries
      .filter(({ kernel }) => kernel !== undefined)
      .map(({ id, title }) => ({ value: id, title }))
  }))
]

/** What is written and runs at once: samples of ours. What came with a link waits for its button. */
const sourceToRun = (choice: KernelChoice): string | undefined =>
  choice._tag === 'Entry' || choice.foreign ? undefined : choice.source

export const KernelView = ({ choice, dispatch }: Props) => {
  const [running, setRunning] = useState(() => sourceToRun(choice))
  const entry = choice._tag === 'Entry' ? choice.entry : undefined
  const foreign = choice._tag === 'Written' && choice.foreign
  useEffect(() => {
    if (foreign) setRunning(undefined)
  }, [foreign])
  const question = useMemo((): Question | undefined => {
    if (entry !== undefined) return { kind: 'entry', entry }
    return running === undefined ? undefined : { kind: 'kernel', source: running }
  }, [entry, running])
  const asking = useAnswer(question as (Question & { kind: 'entry' | 'kernel' }) | undefined)
  const groups = useMemo(pickable, [])
  const pick = (value: string): void => {
    const sample = samples.find((_, place) => sampleValue(place) === value)
    const { source, foreign } = choice
    const kernel: KernelChoice =
      sample !== undefined
        ? { _tag: 'Written', source: sample.source, foreign: false }
        : value === WRITTEN
          ? { _tag: 'Written', source, foreign }
          : { _tag: 'Entry', entry: value, source, foreign }
    dispatch({ type: 'kernel', kernel })
    setRunning(sourceToRun(kernel))
  }
  const place = samples.findIndex(({ source }) => choice._tag === 'Written' && source === choice.source)
  const value = choice._tag === 'Entry' ? choice.entry : place < 0 ? WRITTEN : sampleValue(place)
  const waiting = choice._tag === 'Written' && running !== choice.source
  const run = (): void => {
    if (choice._tag === 'Entry') return
    dispatch({ type: 'kernel', kernel: { _tag: 'Written', source: choice.source, foreign: false } })
    setRunning(choice.source)
  }
  return (
    <div class="columns">
      <section aria-label="The kernel" class="panel">
        <div class="fields">
          <SelectField
            label="Kernel"
            value={value}
            choices={[{ value: WRITTEN, title: 'As written below' }]}
            groups={groups}
            onChange={pick}
          />
        </div>
        {choice._tag === 'Entry' ? (
          <p>{gallery(choice.entry)?.story}</p>
        ) : (
          <KernelEditor
            source={choice.source}
            foreign={choice.foreign}
            fault={asking._tag === 'Refused' && !waiting ? asking.message : undefined}
            onEdit={(source) => dispatch({ type: 'kernel', kernel: { ...choice, source } })}
            onRun={run}
          />
        )}
      </section>
      <section aria-label="What is known of it" class="panel">
        <h2>What is known before any data</h2>
        <div role="status">
          {asking._tag === 'Working' && (
            <p>
              Computing …{' '}
              <button type="button" onClick={asking.stop}>
                Stop
              </button>
            </p>
          )}
          {asking._tag === 'Nothing' && <p>Press Run to see.</p>}
          {asking._tag === 'Refused' && <p>There is no answer: {asking.message}</p>}
        </div>
        {asking._tag === 'Answer' && (
          <>
            {waiting && (
              <p class="quiet">The text has changed since; this is what it said when it was run.</p>
            )}
            <KernelResult answer={asking.answer} dispatch={dispatch} />
          </>
        )}
      </section>
    </div>
  )
}
