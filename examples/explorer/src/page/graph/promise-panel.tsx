/** The promise: in a sentence that is read aloud as it changes, and latent by latent. */
import * as E from 'fp-ts/lib/Either.js'
import { Badge } from '../elements/badge.js'
import { type GraphPromise, listed } from './promise.js'

const kinds: Readonly<Record<GraphPromise['kind'], 'good' | 'open' | 'bad'>> = {
  complete: 'good',
  partial: 'open',
  none: 'bad'
}

export const PromisePanel = ({ promise }: { readonly promise: E.Either<string, GraphPromise> }) => (
  <section aria-label="The promise" class="panel">
    <h2>What is promised</h2>
    <p
      id="promise"
      role="status"
      class={`promise ${E.isRight(promise) ? kinds[promise.right.kind] : 'open'}`}
    >
      {E.isRight(promise) ? promise.right.sentence : promise.left}
    </p>
    {E.isRight(promise) && (
      <table class="lines">
        <thead>
          <tr>
            <th scope="col">latent</th>
            <th scope="col">promise</th>
            <th scope="col">reason</th>
          </tr>
        </thead>
        <tbody>
          {promise.right.latents.map(({ latent, alone, mixedWith, reason }) => (
            <tr key={latent}>
              <th scope="row">z{latent}</th>
              <td>
                <Badge
                  text={alone ? 'by itself' : `with ${listed(mixedWith)}`}
                  tone={alone ? 'good' : 'bad'}
                />
              </td>
              <td>{reason}</td>
            </tr>
          ))}
        </tbody>
      </table>
    )}
    <p class="quiet small">
      If the influence of actions and of the past is sufficient: the kernel view checks that. An upper bound
      on the ambiguity.
    </p>
  </section>
)
