/** Labelled inputs. */
import { useEffect, useId, useState } from 'preact/hooks'

interface NumberProps {
  readonly label: string
  readonly value: number
  readonly least: number
  readonly most: number
  readonly onChange: (value: number) => void
  readonly disabled?: boolean
}

/** A whole number within bounds; what is typed on the way to one is shown, and said to be wrong. */
export const NumberField = ({ label, value, least, most, onChange, disabled = false }: NumberProps) => {
  const id = useId()
  const [typed, setTyped] = useState(String(value))
  useEffect(() => setTyped(String(value)), [value])
  const sound = /^\d+$/.test(typed) && Number(typed) >= least && Number(typed) <= most
  const type = (text: string): void => {
    setTyped(text)
    if (/^\d+$/.test(text) && Number(text) >= least && Number(text) <= most) onChange(Number(text))
  }
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="number"
        min={least}
        max={most}
        value={typed}
        disabled={disabled}
        aria-invalid={!sound}
        aria-describedby={sound ? undefined : `${id}-fault`}
        onInput={(event) => type(event.currentTarget.value)}
        onBlur={() => setTyped(String(value))}
      />
      {!sound && (
        <span id={`${id}-fault`} class="bad small">
          {least} to {most}
        </span>
      )}
    </div>
  )
}

export interface Choice<A extends string> {
  readonly value: A
  readonly title: string
}

export interface ChoiceGroup<A extends string> {
  readonly title: string
  readonly choices: ReadonlyArray<Choice<A>>
}

interface SelectProps<A extends string> {
  readonly label: string
  readonly value: A
  readonly choices?: ReadonlyArray<Choice<A>>
  readonly groups?: ReadonlyArray<ChoiceGroup<A>>
  readonly onChange: (value: A) => void
  readonly disabled?: boolean
}

export const SelectField = <A extends string>(props: SelectProps<A>) => {
  const { label, value, choices = [], groups = [], onChange, disabled = false } = props
  const id = useId()
  const options = (list: ReadonlyArray<Choice<A>>) =>
    list.map((choice) => (
      <option key={choice.value} value={choice.value} selected={choice.value === value}>
        {choice.title}
      </option>
    ))
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.value as A)}
      >
        {options(choices)}
        {groups.map((group) => (
          <optgroup key={group.title} label={group.title}>
            {options(group.choices)}
          </optgroup>
        ))}
      </select>
    </div>
  )
}
