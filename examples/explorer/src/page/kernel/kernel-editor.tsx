/** The text of a kernel, with what is wrong with it. */
import { useId } from 'preact/hooks'

interface Props {
  readonly source: string
  /** It came with a link and has not been run. */
  readonly foreign: boolean
  readonly fault: string | undefined
  readonly onEdit: (source: string) => void
  readonly onRun: () => void
}

const LEAST_LINES = 12
const MOST_LINES = 26

export const KernelEditor = ({ source, foreign, fault, onEdit, onRun }: Props) => {
  const id = useId()
  const lines = source.split('\n').length + 1
  const run = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    onRun()
  }
  return (
    <>
      {foreign && (
        <p class="notice">This kernel came with a link. Read it first; it runs once you press Run.</p>
      )}
      <label for={id}>Its text</label>
      <textarea
        id={id}
        class="code"
        rows={Math.min(Math.max(lines, LEAST_LINES), MOST_LINES)}
        spellcheck={false}
        autocapitalize="off"
        autocomplete="off"
        aria-invalid={fault !== undefined}
        aria-describedby={`${id}-help${fault === undefined ? '' : ` ${id}-fault`}`}
        value={source}
        onInput={(event) => onEdit(event.currentTarget.value)}
        onKeyDown={run}
      />
      {fault !== undefined && (
        <p id={`${id}-fault`} class="bad" role="alert">
          {fault}
        </p>
      )}
      <p>
        <button type="button" class="primary" onClick={onRun}>
          Run
        </button>{' '}
        <span class="quiet small">or Ctrl+Enter</span>
      </p>
      <div id={`${id}-help`} class="quiet small">
        <p>
          JavaScript. <code>location</code> gives the mean of each latent from the past and the actions, by
          means of <code>F</code>:{' '}
          <code>add sub mul div neg sin cos exp log tanh sigmoid softplus sqrt abs pow max min where</code>,
          and <code>F.lit(2)</code> for a number. <code>scale</code> is a number or such a function. Noises:{' '}
          <code>gaussian laplace logistic uniform</code>.
        </p>
        <p>
          It runs in this page only, in a worker that is ended if it takes too long and that can reach nothing
          else.
        </p>
      </div>
    </>
  )
}
