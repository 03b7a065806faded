/** What was learned, and how it stands against the truth where that is known. */
import { useEffect, useState } from 'preact/hooks'
import { Picture } from '../elements/picture.js'
import { Correlation } from './correlation.js'
import type { TrainingResult, Truth } from './messages.js'

const digits = (x: number): string => x.toFixed(4).replace(/^0/, '')

const Scores = ({ against }: { readonly against: Truth }) => (
  <dl class="scores">
    <div>
      <dt>MCC</dt>
      <dd id="mcc">{digits(against.mcc)}</dd>
      <dd class="quiet small">chance {digits(against.chance)}</dd>
    </div>
    <div>
      <dt>R</dt>
      <dd>{digits(against.r)}</dd>
    </div>
    {against.shd !== undefined && (
      <div>
        <dt>wrong edges</dt>
        <dd>{against.shd}</dd>
      </div>
    )}
    <div>
      <dt>held-out rows</dt>
      <dd>{against.rows}</dd>
    </div>
  </dl>
)

/** A link to bytes that are in this page alone. */
const Download = ({ blob }: { readonly blob: Blob }) => {
  const [address, setAddress] = useState('')
  useEffect(() => {
    const url = URL.createObjectURL(blob)
    setAddress(url)
    return () => URL.revokeObjectURL(url)
  }, [blob])
  return (
    <p>
      <a href={address} download="latents.csv">
        Learned latents of all rows (latents.csv)
      </a>
    </p>
  )
}

export const TrainingOutcome = ({ result }: { readonly result: TrainingResult }) => {
  const { against, picture, promise, unused, engine, seconds, csv } = result
  return (
    <>
      {against !== undefined && (
        <>
          <Scores against={against} />
          <ul>
            {[...against.reasons, ...against.latents].map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
          <Correlation table={against.correlation} />
        </>
      )}
      <h3>The learned graph</h3>
      <div class="pictures inner">
        {picture.map(({ name, svg }) => (
          <Picture key={name} svg={svg} />
        ))}
      </div>
      <p>If it is the true graph: {promise}</p>
      {unused.length > 0 && (
        <p>Nothing was put into {unused.map((i) => `ẑ${i}`).join(', ')}: there may be fewer latents.</p>
      )}
      {csv !== undefined && <Download blob={csv} />}
      <p class="quiet small">
        {Math.round(seconds)} s on {engine}.
      </p>
    </>
  )
}
