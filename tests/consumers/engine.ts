import { type EngineOffer, engineFailed } from '@mechid/engine'
import { orThrow } from '@mechid/values'
import { left } from 'fp-ts/lib/TaskEither.js'

const broken: EngineOffer = { name: 'broken', find: left(engineFailed('broken', 'no device')) }

const main = async (): Promise<string> => {
  const found = await broken.find()
  const reason = await orThrow(broken.find).catch((error: Error) => error.message)
  return `${found._tag === 'Left' && found.left._tag} ${String(reason).includes('no device')}`
}

main().then((text) => console.log(text))
