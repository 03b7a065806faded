/** Entries of the gallery, as links name them. */
import { catalogue, type Entry, type EntryGroup } from '@mechid/example-gallery'

/** An entry by its name; undefined where there is none. */
export type Gallery = (entry: string) => Entry | undefined

/** Of each published problem. Even, since some consist of pairs. */
const LATENTS = 6
const SEED = 1

let groups: ReadonlyArray<EntryGroup> | undefined

/** All entries in groups, made when they are first asked for. */
export const galleryGroups = (): ReadonlyArray<EntryGroup> => {
  groups ??= catalogue({ latents: LATENTS, seed: SEED })
  return groups
}

export const gallery: Gallery = (id) =>
  galleryGroups()
    .flatMap(({ entries }) => entries)
    .find((entry) => entry.id === id)
