/** Copies the address that leads back here. */
import { useState } from 'preact/hooks'

export const ShareButton = ({ link }: { readonly link: string }) => {
  const [said, setSaid] = useState('')
  const copy = async (): Promise<void> => {
    const address = `${location.href.split('#')[0]}#${link}`
    history.replaceState(null, '', `#${link}`)
    try {
      await navigator.clipboard.writeText(address)
      setSaid('Copied.')
    } catch {
      // Without permission, or without https.
      setSaid('Copy it from the address bar.')
    }
    setTimeout(() => setSaid(''), 4000)
  }
  return (
    <p class="share">
      <button type="button" onClick={copy}>
        Copy link
      </button>
      <span role="status" class="quiet">
        {said}
      </span>
    </p>
  )
}
