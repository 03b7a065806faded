/** Serves a folder as it lies there, as any web server does. */
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'

export interface StaticServer {
  readonly url: string
  readonly close: () => void
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm'
}

export const serve = (folder: string): Promise<StaticServer> =>
  new Promise((resolve) => {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://localhost').pathname
      const file = join(folder, path.endsWith('/') ? `${path}index.html` : path)
      if (!existsSync(file) || !statSync(file).isFile()) {
        response.statusCode = 404
        response.end()
        return
      }
      response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream')
      createReadStream(file).pipe(response)
    })
    server.listen(0, 'localhost', () => {
      const { port } = server.address() as AddressInfo
      resolve({ url: `http://localhost:${port}/`, close: () => server.close() })
    })
  })
