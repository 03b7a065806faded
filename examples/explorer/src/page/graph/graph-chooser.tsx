/** Which graph: one of the gallery, or sizes of one's own. */
import { useMemo } from 'preact/hooks'
import { type ChoiceGroup, NumberField, SelectField } from '../elements/fields.js'
import { gallery, galleryGroups } from '../link/gallery.js'
import { MOST_LAGS } from '../link/graph-link.js'
import type { Action } from '../state/reducer.js'
import { type GraphChoice, MOST_EDITABLE } from '../state/state.js'

interface Props {
  readonly choice: GraphChoice
  readonly dispatch: (action: Action) => void
}

const OWN = ''

export const GraphChooser = ({ choice, dispatch }: Props) => {
  const groups = useMemo(
    (): ReadonlyArray<ChoiceGroup<string>> =>
      galleryGroups().map(({ heading, entries }) => ({
        title: heading,
        choices: entries.map(({ id, title }) => ({ value: id, title }))
      })),
    []
  )
  const choose = (id: string): void => {
    const entry = gallery(id)
    if (entry !== undefined) dispatch({ type: 'graph', graph: entry.graph, entry: id })
  }
  const story = choice.entry === undefined ? undefined : gallery(choice.entry)?.story
  return (
    <>
      <div class="fields">
        <SelectField
          label="Graph"
          value={choice.entry ?? OWN}
          choices={[{ value: OWN, title: 'Your own' }]}
          groups={groups}
          onChange={choose}
        />
        <NumberField
          label="Latents"
          value={choice.latents}
          least={1}
          most={MOST_EDITABLE}
          onChange={(latents) => dispatch({ type: 'size', latents })}
        />
        <NumberField
          label="Actions"
          value={choice.actions}
          least={0}
          most={MOST_EDITABLE}
          onChange={(actions) => dispatch({ type: 'size', actions })}
        />
        <NumberField
          label="Lags of time"
          value={choice.lags}
          least={0}
          most={MOST_LAGS}
          onChange={(lags) => dispatch({ type: 'size', lags })}
        />
      </div>
      {story !== undefined && <p class="quiet">{story}</p>}
    </>
  )
}
