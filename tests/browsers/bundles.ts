/** What people make of these packages for a page: by Vite, by esbuild, and a folder of modules with an import map. */
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type BuildOptions, build as esbuild } from 'esbuild'
import ts from 'typescript'
import { build as vite } from 'vite'
import { packages, portable, root } from '../workspace.js'

/** The programs in `tests/consumers` and `tests/browsers/programs` by name. */
const programs: Readonly<Record<string, string>> = Object.fromEntries([
  ...portable.map((short) => [short, join(root, 'tests/consumers', `${short}.ts`)]),
  ...['worker', 'whole-way', 'file-reading', 'webgpu'].map((name) => [
    name,
    join(root, 'tests/browsers/programs', `${name}.ts`)
  ])
])

/**
 * A project with the programs, which depends on the packages of this workspace: links stand in for what would be installed,
 * and lead by the packages' `exports` to what was built.
 */
export const makeProject = (folder: string): void => {
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, '@mechid'), { recursive: true })
  for (const member of packages)
    symlinkSync(member.folder, join(modules, '@mechid', member.short), 'junction')
  for (const name of ['fp-ts', '@tensorflow'])
    symlinkSync(join(root, 'packages/estimator/node_modules', name), join(modules, name), 'junction')
  for (const [name, file] of Object.entries(programs)) cpSync(file, join(folder, `${name}.ts`))
}

const WASM = join(root, 'packages/estimator/node_modules/@tensorflow/tfjs-backend-wasm/dist')

/** A page, and beside it the files that WebAssembly needs. */
const addPage = (folder: string, head = ''): void => {
  writeFileSync(
    join(folder, 'index.html'),
    `<!doctype html><meta charset="utf-8"><title>mechid</title>${head}`
  )
  for (const name of readdirSync(WASM))
    if (name.endsWith('.wasm')) cpSync(join(WASM, name), join(folder, name))
}

const entriesIn = (project: string): Record<string, string> =>
  Object.fromEntries(Object.keys(programs).map((name) => [name, join(project, `${name}.ts`)]))

const options: BuildOptions = {
  bundle: true,
  format: 'esm',
  splitting: true,
  minify: true,
  platform: 'browser',
  logLevel: 'silent'
}

export const byEsbuild = async (project: string, folder: string): Promise<void> => {
  await esbuild({ ...options, entryPoints: entriesIn(project), outdir: folder })
  addPage(folder)
}

export const byVite = async (project: string, folder: string): Promise<void> => {
  await vite({
    root: project,
    configFile: false,
    logLevel: 'silent',
    build: {
      outDir: folder,
      emptyOutDir: true,
      modulePreload: false,
      rolldownOptions: {
        input: entriesIn(project),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: '[name].js' }
      }
    }
  })
  addPage(folder)
}

/**
 * One module a package, as networks for modules serve them: esbuild puts each together, and what they share is there once. The
 * programs are left as people write them, and an import map leads to the modules.
 */
export const byImportMap = async (project: string, folder: string): Promise<void> => {
  // Of fp-ts, which the values and errors of these packages are, its form for bundlers.
  const modules: Record<string, string> = Object.fromEntries([
    ...portable.map((short) => [`@mechid/${short}`, `@mechid/${short}`]),
    ...['Either', 'TaskEither'].map((name) => [`fp-ts/lib/${name}.js`, `fp-ts/es6/${name}.js`])
  ])
  const pathOf = (name: string): string => name.replace(/\.js$/, '')
  await esbuild({
    ...options,
    entryPoints: Object.fromEntries(Object.entries(modules).map(([name, from]) => [pathOf(name), from])),
    absWorkingDir: project,
    outdir: join(folder, 'modules')
  })
  for (const name of Object.keys(programs)) {
    const source = readFileSync(join(project, `${name}.ts`), 'utf8')
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }
    })
    writeFileSync(join(folder, `${name}.js`), outputText)
  }
  const imports = Object.fromEntries(
    Object.keys(modules).map((name) => [name, `./modules/${pathOf(name)}.js`])
  )
  addPage(folder, `<script type="importmap">${JSON.stringify({ imports })}</script>`)
}

/** What a program of one file weighs for a page: bytes, minified by esbuild and packed by gzip. */
export const gzipped = async (project: string, program: string): Promise<number> => {
  const { outputFiles } = await esbuild({
    ...options,
    splitting: false,
    write: false,
    stdin: { contents: program, resolveDir: project, sourcefile: 'program.js' }
  })
  return gzipSync((outputFiles ?? [])[0].contents).length
}
