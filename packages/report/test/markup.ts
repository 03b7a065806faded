/** What a page is made of, for tests. */

/** Tags of a page or a picture, in order. */
export const tagsOf = (markup: string): string[] => markup.match(/<[^>]*>/g) ?? []

const TAG = /^<(\/?[a-zA-Z][a-zA-Z0-9]*)(?: [a-zA-Z:-]+="[^"<>]*")*\/?>$/

/** Names of tags; those that are not plain tags with quoted attributes are answered whole. */
export const tagNames = (markup: string): string[] =>
  tagsOf(markup.replace(/^<!doctype html>/, '')).map((tag) => TAG.exec(tag)?.[1] ?? tag)

/** Whether every tag is closed by its own in the right order. */
export const isBalanced = (markup: string): boolean => {
  const open: string[] = []
  for (const tag of tagsOf(markup.replace(/^<!doctype html>/, ''))) {
    if (tag.endsWith('/>') || /^<(?:meta|br)\b/.test(tag)) continue
    const name = TAG.exec(tag)?.[1]
    if (name === undefined) return false
    if (!name.startsWith('/')) open.push(name)
    else if (open.pop() !== name.slice(1)) return false
  }
  return open.length === 0
}
