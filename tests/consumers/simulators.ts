import { customMixing, type Mixing, readDataSet } from '@mechid/simulators'
import { orThrow } from '@mechid/values'

const mixing: Mixing = orThrow(
  customMixing({ latents: 2, features: 2, map: (F, [u, v]) => [F.add(u, v), F.neg(v)] })
)
const x = new Float64Array(2)
mixing.apply(1, Float64Array.of(3, 4), x)

const main = async (): Promise<void> => {
  const missing = await readDataSet('nowhere.npz')()
  console.log(x.join(' '), missing._tag === 'Left' && missing.left.message.includes('nowhere.npz'))
}

main()
