/** Finds a Python with the modules that a peer needs. */
import { spawnSync } from 'node:child_process'
import * as E from 'fp-ts/lib/Either.js'
import { type BenchError, type Installation, peerMissing } from './errors.js'

export type PythonModule = 'numpy' | 'scipy' | 'sklearn' | 'torch' | 'jax' | 'cebra'

/** What a module is called, and the packages that hold it: in Python's registry, and in Debian where it has one. */
interface Known {
  readonly name: string
  readonly registry: string
  readonly debian?: string
}

const known: Readonly<Record<PythonModule, Known>> = {
  numpy: { name: 'NumPy', registry: 'numpy', debian: 'python3-numpy' },
  scipy: { name: 'SciPy', registry: 'scipy', debian: 'python3-scipy' },
  sklearn: { name: 'scikit-learn', registry: 'scikit-learn', debian: 'python3-sklearn' },
  torch: { name: 'PyTorch', registry: 'torch', debian: 'python3-torch' },
  jax: { name: 'JAX', registry: 'jax' },
  cebra: { name: 'CEBRA', registry: 'cebra' }
}

export const moduleName = (module: PythonModule): string => known[module].name

/** Names a Python of the user's, such as that of a virtual environment with newer modules; then no other one is taken. */
export const PYTHON = 'MECHID_BENCH_PYTHON'

/** The system's own first: one on the PATH is often without modules. */
const candidates = (): readonly string[] => {
  const named = process.env[PYTHON]
  return named === undefined ? ['/usr/bin/python3', 'python3', 'python'] : [named]
}

const imports = (python: string, modules: readonly PythonModule[]): boolean =>
  spawnSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' }).status === 0

/** Debian's packages where it has all of them. */
const installationOf = (modules: readonly PythonModule[]): Installation => {
  const packages = modules.flatMap((module) => known[module].debian ?? [])
  return packages.length === modules.length
    ? { command: 'apt-get install', packages }
    : { command: 'pip install', packages: modules.map((module) => known[module].registry) }
}

const found = new Map<string, string | undefined>()

/** The Python that is named, or else the first one, that imports all of the modules. Errors: `NoPeer`, which says what to install. */
export const findPython = (modules: readonly PythonModule[]): E.Either<BenchError, string> => {
  const key = [process.env[PYTHON], ...modules].join()
  if (!found.has(key)) {
    found.set(
      key,
      candidates().find((python) => imports(python, modules))
    )
  }
  const python = found.get(key)
  return python === undefined
    ? E.left(peerMissing(modules.map(moduleName), installationOf(modules), process.env[PYTHON]))
    : E.right(python)
}
