/** A Chromium of this machine, if there is one. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PLACES = [
  process.env.MECHID_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
]

/** Where it is; undefined: there is none. */
export const chromiumPath: string | undefined = PLACES.find(
  (place) => place !== undefined && existsSync(place)
)

/** For whoever reads why tests were left out. */
export const NO_CHROMIUM = 'there is no Chromium; name one in MECHID_CHROMIUM'

/** Starts it. WebGPU is then a program on the processor. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    args: [
      '--enable-unsafe-webgpu',
      '--enable-features=Vulkan',
      '--use-webgpu-adapter=swiftshader',
      // Containers run as root have no other way.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])
    ]
  })
