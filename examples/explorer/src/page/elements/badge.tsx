/** A few words in the colour of good or bad news; the words alone say all. */
import type { Words } from '@mechid/example-gallery'

export const Badge = ({ text, tone }: Words) => <span class={`badge ${tone}`}>{text}</span>
