/** A server of the files of one folder, for this machine alone. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { extname, join, normalize, sep } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.svg': 'image/svg+xml'
}

/** The file of an address within the folder; undefined for one that leads out of it, or is none. */
export const fileFor = (folder: string, address: string): string | undefined => {
  try {
    const path = decodeURIComponent(new URL(address, 'http://localhost').pathname)
    const file = normalize(join(folder, path.endsWith('/') ? `${path}index.html` : path))
    return !path.includes('\0') && file.startsWith(folder + sep) ? file : undefined
  } catch {
    return undefined
  }
}

const refuse = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { 'content-type': 'text/plain' })
  response.end(`${text}\n`)
}

/** Answers GET and HEAD. */
const serve = async (
  folder: string,
  method: string,
  address: string,
  response: ServerResponse
): Promise<void> => {
  const file = fileFor(folder, address)
  const found = file === undefined ? undefined : await stat(file).catch(() => undefined)
  if (file === undefined || found?.isFile() !== true) return refuse(response, 404, 'There is no such file.')
  if (method !== 'GET' && method !== 'HEAD') return refuse(response, 405, 'Only GET is answered.')
  response.writeHead(200, {
    'content-type': types[extname(file)] ?? 'application/octet-stream',
    'content-length': found.size,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff'
  })
  if (method === 'HEAD') response.end()
  else createReadStream(file).pipe(response)
}

/** Starts it on 127.0.0.1; port 0 takes any that is free. Rejects if the port is taken. */
export const startServer = (
  folder: string,
  port: number
): Promise<{ readonly server: Server; readonly port: number }> =>
  new Promise((resolve, reject) => {
    const server = createServer(({ method = 'GET', url = '/' }, response) => {
      serve(folder, method, url, response).catch(() => response.destroy())
    })
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : port })
    })
  })
