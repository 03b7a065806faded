/** Which problem to simulate, and how to train on it. */
import { problemNames } from '@mechid/mechanisms'
import { NumberField, SelectField } from '../elements/fields.js'
import { trainingBounds } from '../link/link.js'
import type { EngineChoice, TrainingChoice } from '../state/state.js'
import type { TrainingRequest } from './messages.js'

interface Props {
  readonly choice: TrainingChoice
  readonly disabled: boolean
  readonly onChange: (change: Partial<TrainingChoice>) => void
  readonly onStart: (request: TrainingRequest) => void
}

export const engineTitles: ReadonlyArray<{ readonly value: EngineChoice; readonly title: string }> = [
  { value: 'auto', title: 'the fastest here' },
  { value: 'webgpu', title: 'WebGPU' },
  { value: 'wasm', title: 'WebAssembly' }
]

const numbers = [
  ['latents', 'Latents'],
  ['features', 'Features'],
  ['rows', 'Rows'],
  ['steps', 'Steps'],
  ['seed', 'Seed']
] as const

export const SimulatedForm = ({ choice, disabled, onChange, onStart }: Props) => (
  <>
    <div class="fields">
      <SelectField
        label="Problem"
        value={choice.problem}
        disabled={disabled}
        choices={problemNames.map((name) => ({ value: name as string, title: name }))}
        onChange={(problem) => onChange({ problem })}
      />
      {numbers.map(([name, label]) => (
        <NumberField
          key={name}
          label={label}
          value={choice[name]}
          disabled={disabled}
          {...trainingBounds[name]}
          onChange={(value) => onChange({ [name]: value })}
        />
      ))}
      <SelectField
        label="Number of edges"
        value={choice.edges}
        disabled={disabled}
        choices={[
          { value: 'known', title: 'told: that of the true graph' },
          { value: 'unknown', title: 'not told: data decide' }
        ]}
        onChange={(edges) => onChange({ edges })}
      />
      <SelectField
        label="Engine"
        value={choice.engine}
        disabled={disabled}
        choices={engineTitles}
        onChange={(engine) => onChange({ engine })}
      />
    </div>
    {!disabled && (
      <button type="button" class="primary" onClick={() => onStart({ kind: 'simulated', choice })}>
        Train
      </button>
    )}
  </>
)
