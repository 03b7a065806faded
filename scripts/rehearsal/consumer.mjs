/** An empty project that installs what was published, type-checks and runs it. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { demand } from './commands.mjs'

const STEPS = /steps: [\d_]+/

/** The README's first program, with so few steps that it ends soon: what it learns is for other tests. */
const readmeProgram = (checkout) => {
  const readme = readFileSync(join(checkout, 'README.md'), 'utf8')
  const block = readme.match(/```ts[^\n]*\n([\s\S]*?)```/)
  demand(block !== null && STEPS.test(block[1]), 'README.md has no program that trains')
  return block[1].replace(STEPS, 'steps: 50')
}

/** Every package by `import` and by `require`: both must load, with the same names. */
const bothWays = (names) => `
import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
const named = (loaded) => Object.keys(loaded).filter((name) => name !== 'default' && name !== 'module.exports').sort().join()
for (const name of ${JSON.stringify(names)}) {
  const [esm, cjs] = [named(await import(name)), named(require(name))]
  if (esm !== cjs || esm === '') throw new Error(name + ': import has ' + esm + ', require has ' + cjs)
}
console.log('${names.length} packages load by import and by require')
`

const COMPILER = ['--module', 'nodenext', '--target', 'es2022', '--strict', '--skipDefaultLibCheck']

/** Makes the project in `folder` with all of `packages`, and goes through what a user does; answers what the program printed. */
export const consume = (run, checkout, folder, packages) => {
  mkdirSync(folder)
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module' })
  )
  const names = packages.map(({ name }) => name)
  const types = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')).devDependencies[
    '@types/node'
  ]
  const wanted = [...packages.map(({ name, version }) => `${name}@${version}`), `@types/node@${types}`]
  run('install from the registry', folder, 'npm', [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    ...wanted
  ])
  writeFileSync(join(folder, 'program.mts'), readmeProgram(checkout))
  // Each package's own program, once as an ES module and once as CommonJS.
  const programs = readdirSync(join(checkout, 'tests/consumers')).map((file) => file.replace(/\.ts$/, ''))
  for (const short of programs) {
    const code = readFileSync(join(checkout, 'tests/consumers', `${short}.ts`), 'utf8')
    for (const ending of ['mts', 'cts']) writeFileSync(join(folder, `${short}.${ending}`), code)
  }
  const files = programs.flatMap((short) => [`${short}.mts`, `${short}.cts`])
  const compiler = join(checkout, 'node_modules/typescript/bin/tsc')
  run('type-check and compile', folder, process.execPath, [compiler, ...COMPILER, 'program.mts', ...files])
  writeFileSync(join(folder, 'both-ways.mjs'), bothWays(names))
  console.log(run('load', folder, process.execPath, ['both-ways.mjs']).trim())
  for (const short of programs) {
    const [esm, cjs] = ['mjs', 'cjs'].map((ending) =>
      run(`run ${short}.${ending}`, folder, process.execPath, [`${short}.${ending}`])
    )
    demand(esm === cjs && esm !== '', `${short}: as ES module it prints ${esm}, as CommonJS ${cjs}`)
  }
  return run("run the README's program", folder, process.execPath, ['program.mjs'])
}

/** Ends the rehearsal if any of our packages is installed in two versions. */
export const checkOnce = (folder) => {
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'))
  const twice = Object.keys(packages).filter((path) => /node_modules\/.*node_modules\/@mechid\//.test(path))
  demand(twice.length === 0, `installed twice: ${twice.join(', ')}`)
}
