/** Tabs by the WAI-ARIA pattern: arrow keys move between them. */
import type { ComponentChildren } from 'preact'
import { stepped } from './roving.js'

interface Props<A extends string> {
  readonly label: string
  readonly titles: Readonly<Record<A, string>>
  readonly chosen: A
  readonly onChoose: (name: A) => void
  readonly children: ComponentChildren
}

export const Tabs = <A extends string>({ label, titles, chosen, onChoose, children }: Props<A>) => {
  const names = Object.keys(titles) as A[]
  const move = (event: KeyboardEvent): void => {
    const next = stepped(event.key, names.indexOf(chosen), names.length)
    if (next === undefined) return
    event.preventDefault()
    onChoose(names[next])
    document.getElementById(`tab-${names[next]}`)?.focus()
  }
  return (
    <main>
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
        {names.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={name === chosen}
            aria-controls="view"
            tabIndex={name === chosen ? 0 : -1}
            onClick={() => onChoose(name)}
          >
            {titles[name]}
          </button>
        ))}
      </div>
      <div id="view" role="tabpanel" aria-labelledby={`tab-${chosen}`}>
        {children}
      </div>
    </main>
  )
}
