/** Records whose names begin with what their entries belong to, such as `carry/…`. */

/** The record with `prefix` before each name. */
export const prefixed = <A>(record: Readonly<Record<string, A>>, prefix: string): Record<string, A> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [prefix + name, value]))

/** The entries whose names begin with `prefix`, without it. */
export const withoutPrefix = <A>(record: Readonly<Record<string, A>>, prefix: string): Record<string, A> =>
  Object.fromEntries(
    Object.entries(record)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value])
  )
