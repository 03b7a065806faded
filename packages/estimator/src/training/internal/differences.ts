/** What differs between two descriptions, instead of both in full. */

type Facts = Readonly<Record<string, string>>

/** A value as one flat list of facts: `encoder.width` → `64`. */
const flat = (value: unknown, path = ''): Facts => {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { [path]: JSON.stringify(value) }
  return Object.assign(
    {},
    ...Object.entries(value).map(([name, inner]) => flat(inner, path === '' ? name : `${path}.${name}`))
  )
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const MOST = 5

/** Two descriptions in JSON, each reduced to the facts in which they differ; as they are where one is no JSON. */
export const differences = (
  actual: string,
  expected: string
): readonly [actual: string, expected: string] => {
  const [here, there] = [parsed(actual), parsed(expected)]
  if (typeof here !== 'object' || typeof there !== 'object') return [actual, expected]
  const [found, wanted] = [flat(here), flat(there)]
  const names = [...new Set([...Object.keys(found), ...Object.keys(wanted)])].filter(
    (name) => found[name] !== wanted[name]
  )
  const more = names.length > MOST ? ` and ${names.length - MOST} more` : ''
  const shown = (facts: Facts): string =>
    `${names
      .slice(0, MOST)
      .map((name) => `${name} ${facts[name] ?? 'absent'}`)
      .join(', ')}${more}`
  return [shown(found), shown(wanted)]
}
