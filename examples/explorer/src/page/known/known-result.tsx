/** What stays open: in words, latent by latent, and each generator as a flow. */
import { Badge } from '../elements/badge.js'
import type { KnownAnswer } from '../questions/protocol.js'
import { FlowFigure } from './flow-figure.js'

export const KnownResult = ({ answer }: { readonly answer: KnownAnswer }) => {
  const { explanation, statuses, flows, dimension, suggestion } = answer
  const [verdict, ...lines] = explanation
  const tone = statuses.some((status) => status.tone === 'bad') ? 'bad' : dimension === 0 ? 'good' : 'open'
  return (
    <>
      <p class={`promise ${tone}`}>{verdict}</p>
      <table class="lines">
        <thead>
          <tr>
            <th scope="col">latent</th>
            <th scope="col">status</th>
            <th scope="col">what stays open</th>
          </tr>
        </thead>
        <tbody>
          {statuses.map((status) => (
            <tr key={status.latent}>
              <th scope="row">z{status.latent}</th>
              <td>
                <Badge text={status.kind} tone={status.tone} />
              </td>
              <td>{status.text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>
        {dimension === 0
          ? 'No flow stays open'
          : `${dimension} ${dimension === 1 ? 'dimension stays' : 'dimensions stay'} open`}
      </h3>
      {dimension > 0 && (
        <p class="quiet small">
          Latents may be moved along each of these flows, and no observation shows it. The drawing is of two
          latents, the others at the middle.
        </p>
      )}
      <div class="flows">
        {flows.map((flow) => (
          <FlowFigure key={flow.text.join()} flow={flow} />
        ))}
      </div>
      {dimension > flows.length && <p class="quiet">{dimension - flows.length} more are not drawn.</p>}
      {suggestion !== undefined && <p>{suggestion}</p>}
      <details>
        <summary>Everything, with evidence</summary>
        <ul>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </details>
    </>
  )
}
