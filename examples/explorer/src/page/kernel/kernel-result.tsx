/** What is known of a kernel. */
import { Badge } from '../elements/badge.js'
import { Picture } from '../elements/picture.js'
import type { KernelAnswer } from '../questions/protocol.js'
import type { Action } from '../state/reducer.js'

interface Props {
  readonly answer: KernelAnswer
  readonly dispatch: (action: Action) => void
}

const Influence = ({ influence }: { readonly influence: KernelAnswer['influence'] }) => {
  const failing = influence.parts.filter(({ tone }) => tone !== 'good')
  return (
    <>
      <h3>
        Sufficient influence <Badge text={influence.verdict} tone={influence.tone} />
      </h3>
      <p class="quiet small">
        Whether actions and past move the latents in sufficiently varied ways: ranks of exact derivatives.
      </p>
      {failing.length > 0 && (
        <ul>
          {failing.map(({ of, explanation }) => (
            <li key={of}>{explanation}</li>
          ))}
        </ul>
      )}
      {influence.parts.length > 0 && (
        <div class="scroll">
          <table class="lines">
            <thead>
              <tr>
                <th scope="col">of</th>
                <th scope="col">rank</th>
                <th scope="col">needed</th>
                <th scope="col">verdict</th>
              </tr>
            </thead>
            <tbody>
              {influence.parts.map(({ of, rank, needed, verdict, tone }) => (
                <tr key={of}>
                  <th scope="row">{of}</th>
                  <td>{rank}</td>
                  <td>{needed}</td>
                  <td>
                    <Badge text={verdict} tone={tone} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}

const Witness = ({ witness }: { readonly witness: KernelAnswer['witness'] }) => (
  <>
    <h3>
      Another model with the same data <Badge {...witness.words} />
    </h3>
    <p>{witness.explanation}</p>
    {witness.equations.length > 0 && <pre>{witness.equations.join('\n')}</pre>}
  </>
)

export const KernelResult = ({ answer, dispatch }: Props) => {
  const { graph, verdict, conclusion, promise, reasons, pictures, influence, witness, remedy, formulas } =
    answer
  return (
    <>
      <p class={`promise ${verdict.tone}`}>{conclusion}</p>
      <div class="pictures inner">
        {pictures.map(({ name, svg }) => (
          <Picture key={name} svg={svg} />
        ))}
      </div>
      <p>
        <button
          type="button"
          onClick={() => {
            dispatch({ type: 'graph', graph })
            dispatch({ type: 'view', view: 'graph' })
          }}
        >
          Open this graph to change it
        </button>
      </p>
      <Influence influence={influence} />
      <Witness witness={witness} />
      <h3>
        The graph’s promise <Badge {...promise} />
      </h3>
      <table class="lines">
        <thead>
          <tr>
            <th scope="col">latent</th>
            <th scope="col">told apart</th>
            <th scope="col">reason</th>
          </tr>
        </thead>
        <tbody>
          {reasons.map(({ latent, identified, text }) => (
            <tr key={latent}>
              <th scope="row">z{latent}</th>
              <td>
                <Badge text={identified ? 'yes' : 'no'} tone={identified ? 'good' : 'bad'} />
              </td>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>What would help</h3>
      <p>{remedy}</p>
      <details>
        <summary>The model, written out</summary>
        <pre>{formulas.join('\n')}</pre>
      </details>
    </>
  )
}
