/**
 * Workers that keep to the page's content security policy. One that is loaded by its address goes by the headers of its
 * own file, which a plain web server does not send; one that is made from text inherits the policy: nothing but this page's own
 * folder can be reached, whatever runs in it.
 */
export const spawn = (address: string): Worker => {
  const absolute = new URL(address, document.baseURI).href
  const text = `import ${JSON.stringify(absolute)}`
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }))
  const worker = new Worker(url, { type: 'module' })
  const forget = (): void => URL.revokeObjectURL(url)
  worker.addEventListener('message', forget, { once: true })
  worker.addEventListener('error', forget, { once: true })
  return worker
}
