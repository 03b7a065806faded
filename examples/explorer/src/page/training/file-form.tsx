/** A file of one's own, which of its arrays are observations and actions, and how to train on them. */
import { useId, useState } from 'preact/hooks'
import { NumberField, SelectField } from '../elements/fields.js'
import { trainingBounds } from '../link/link.js'
import type { EngineChoice } from '../state/state.js'
import { ArrayChooser } from './array-chooser.js'
import type { OpenedFile, TrainingRequest } from './messages.js'
import { type Roles, suggestedRoles } from './roles.js'
import { engineTitles } from './simulated-form.js'
import { openFile } from './use-training.js'

interface Props {
  readonly disabled: boolean
  readonly onStart: (request: TrainingRequest) => void
}

type Opening =
  | { readonly _tag: 'Nothing' }
  | { readonly _tag: 'Reading'; readonly name: string }
  | { readonly _tag: 'Opened'; readonly file: File; readonly opened: OpenedFile }
  | { readonly _tag: 'Failed'; readonly message: string }

/** 0: the data decide. */
const edgeBounds = { least: 0, most: 200 }

export const FileForm = ({ disabled, onStart }: Props) => {
  const id = useId()
  const [opening, setOpening] = useState<Opening>({ _tag: 'Nothing' })
  const [roles, setRoles] = useState<Roles>({})
  const [sizes, setSizes] = useState({ latents: 3, steps: 1200, seed: 1, edges: 0 })
  const [engine, setEngine] = useState<EngineChoice>('auto')
  const choose = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return
    setOpening({ _tag: 'Reading', name: file.name })
    const opened = await openFile(file)
    if ('message' in opened) {
      setOpening({ _tag: 'Failed', message: opened.message })
      return
    }
    setRoles(suggestedRoles(opened))
    setOpening({ _tag: 'Opened', file, opened })
  }
  const named = (role: 'x' | 'a'): string[] => Object.keys(roles).filter((name) => roles[name] === role)
  const start = (file: File): void => {
    const { latents, steps, seed, edges } = sizes
    const job = { file, x: named('x'), a: named('a'), latents, steps, seed, engine }
    onStart({ kind: 'file', job: { ...job, edges: edges === 0 ? undefined : edges } })
  }
  return (
    <>
      <div class="field">
        <label for={id}>An .npz of arrays, or a table (.csv, .tsv)</label>
        <input
          id={id}
          type="file"
          accept=".npz,.csv,.tsv,.txt"
          disabled={disabled}
          aria-describedby={`${id}-where`}
          onChange={(event) => choose(event.currentTarget.files?.[0])}
        />
        <span id={`${id}-where`} class="quiet small">
          It is read in this page and does not leave it.
        </span>
      </div>
      <div role="status">
        {opening._tag === 'Reading' && <p class="quiet">Reading {opening.name} …</p>}
        {opening._tag === 'Failed' && <p class="bad">{opening.message}</p>}
      </div>
      {opening._tag === 'Opened' && (
        <>
          <ArrayChooser opened={opening.opened} roles={roles} disabled={disabled} onChange={setRoles} />
          <div class="fields">
            {(['latents', 'steps', 'seed'] as const).map((name) => (
              <NumberField
                key={name}
                label={`${name[0].toUpperCase()}${name.slice(1)}`}
                value={sizes[name]}
                disabled={disabled}
                {...trainingBounds[name]}
                onChange={(value) => setSizes({ ...sizes, [name]: value })}
              />
            ))}
            <NumberField
              label="Edges (0: data decide)"
              value={sizes.edges}
              disabled={disabled}
              {...edgeBounds}
              onChange={(edges) => setSizes({ ...sizes, edges })}
            />
            <SelectField
              label="Engine"
              value={engine}
              disabled={disabled}
              choices={engineTitles}
              onChange={setEngine}
            />
          </div>
          {!disabled && (
            <button
              type="button"
              class="primary"
              disabled={named('x').length === 0}
              onClick={() => start(opening.file)}
            >
              Train on it
            </button>
          )}
        </>
      )}
    </>
  )
}
