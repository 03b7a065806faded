/** One known mechanism: its kind, and its fields. */
import { useId } from 'preact/hooks'
import { SelectField } from '../elements/fields.js'
import type { KnownChoice } from '../state/state.js'
import { defaultOf, type KnownField, kindCalled, library } from './library.js'

interface Props {
  readonly place: number
  readonly choice: KnownChoice
  readonly onChange: (choice: KnownChoice) => void
  readonly onRemove?: () => void
}

interface FieldProps {
  readonly field: KnownField
  readonly value: string
  readonly onChange: (value: string) => void
}

const TextField = ({ field, value, onChange }: FieldProps) => {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{field.label}</label>
      {field.tall === true ? (
        <textarea
          id={id}
          class="code"
          rows={4}
          cols={16}
          spellcheck={false}
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      ) : (
        <input
          id={id}
          type="text"
          inputMode="text"
          spellcheck={false}
          value={value}
          onInput={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </div>
  )
}

export const KnownCard = ({ place, choice, onChange, onRemove }: Props) => {
  const kind = kindCalled(choice.kind) ?? library[0]
  return (
    <fieldset class="card">
      <legend>Mechanism {place + 1}</legend>
      <div class="fields">
        <SelectField
          label="Kind"
          value={kind.kind}
          choices={library.map((one) => ({ value: one.kind, title: one.title }))}
          onChange={(value) => onChange(defaultOf(value))}
        />
        {kind.fields.map((field, at) => (
          <TextField
            key={field.label}
            field={field}
            value={choice.fields[at] ?? ''}
            onChange={(value) =>
              onChange({ ...choice, fields: choice.fields.map((old, i) => (i === at ? value : old)) })
            }
          />
        ))}
      </div>
      {onRemove !== undefined && (
        <button type="button" onClick={onRemove} aria-label={`Remove mechanism ${place + 1}`}>
          Remove
        </button>
      )}
    </fieldset>
  )
}
