/** Whether a GPU is there. ONNX Runtime's binding does not tell a hardware adapter from a software one. */
import { readdir } from 'node:fs/promises'

const SOFTWARE = /swiftshader|lavapipe|lvp_icd/i

const linuxDevices = async (): Promise<readonly string[]> => {
  const [cards, devices] = await Promise.all(
    ['/dev/dri', '/dev'].map((folder) => readdir(folder).catch(() => [] as string[]))
  )
  return [
    ...cards.filter((name) => /^renderD\d+$/.test(name)),
    ...devices.filter((name) => /^(nvidia\d+|dxg)$/.test(name))
  ]
}

/**
 * Whether WebGPU can be expected to find a hardware adapter: on Linux a device file of a GPU, and no setting that
 * points Vulkan at a software one; on other systems always, as their drivers come with the system.
 */
export const hardwareAdapter = async (): Promise<boolean> => {
  const settings = [process.env.VK_ICD_FILENAMES, process.env.VK_DRIVER_FILES]
  if (settings.some((value) => value !== undefined && SOFTWARE.test(value))) return false
  return process.platform !== 'linux' || (await linuxDevices()).length > 0
}
