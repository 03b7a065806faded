/**
 * The public face of every package as a text file in `api/`: each exported name with its signature, and the types that
 * signatures need, sorted. A change of the face is a change of these files, which a reviewer sees.
 *
 *   npm run api               # compares; says what differs
 *   npm run api -- --accept   # writes what is so now
 *
 * Reports are read off the built declarations, dist/index.d.ts.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Where the accepted reports lie. */
export const accepted = join(root, 'api')

export const fileOf = (folder, name) => join(folder, `${name}.api.md`)

export const packageNames = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'package.json'))
)

/** Documentation is no part of a signature, and the compiler's complaints are those of `npm test`. */
const silent = { default: { logLevel: 'none' } }

const configurationOf = (name, folder) => {
  const packageFolder = join(root, 'packages', name)
  const entry = join(packageFolder, 'dist/index.d.ts')
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: packageFolder,
      mainEntryPointFilePath: entry,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'ES2022',
            lib: ['ES2023', 'DOM'],
            module: 'ESNext',
            moduleResolution: 'Bundler',
            strict: true,
            skipLibCheck: true,
            types: ['node']
          },
          files: [entry]
        }
      },
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFolder: accepted,
        reportTempFolder: folder,
        reportFileName: name
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: silent,
        extractorMessageReporting: silent,
        tsdocMessageReporting: silent
      }
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(packageFolder, 'package.json')
  })
}

/** Remarks on documentation, which is no part of a face. */
const REMARK =
  /^ *\/\/ (?:@public(?: \(undocumented\))?|\(undocumented\)|\(No @packageDocumentation .*\))\n/gm
const withoutRemarks = (report) => report.replace(REMARK, '').replace(/\n{3,}/g, '\n\n')

/** The report of each package, by its name. Throws if one is not built. */
export const apiReports = (names = packageNames) => {
  const unbuilt = names.filter((name) => !existsSync(join(root, 'packages', name, 'dist/index.d.ts')))
  if (unbuilt.length > 0) {
    throw new Error(`${unbuilt.join(', ')}: dist/index.d.ts is missing; "npm run api" builds it`)
  }
  const folder = mkdtempSync(join(tmpdir(), 'mechid-api-'))
  try {
    const configurations = names.map((name) => configurationOf(name, folder))
    // One program for all of them: what they share is read once.
    const compilerState = CompilerState.create(configurations[0], {
      additionalEntryPoints: configurations.slice(1).map((one) => one.mainEntryPointFilePath)
    })
    const messageCallback = (message) => {
      message.handled = true
    }
    for (const configuration of configurations) {
      Extractor.invoke(configuration, { localBuild: false, compilerState, messageCallback })
    }
    return Object.fromEntries(
      names.map((name) => [name, withoutRemarks(readFileSync(fileOf(folder, name), 'utf8'))])
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const acceptedOf = (name) =>
  existsSync(fileOf(accepted, name)) ? readFileSync(fileOf(accepted, name), 'utf8') : ''

/** Reports of packages that are no more. */
export const strayReports = () =>
  existsSync(accepted)
    ? readdirSync(accepted).filter((file) => !packageNames.includes(file.replace(/\.api\.md$/, '')))
    : []

/** Shows what differs, by git where it is there. */
const show = (name, report) => {
  const scratch = mkdtempSync(join(tmpdir(), 'mechid-api-'))
  const now = fileOf(scratch, name)
  const before = existsSync(fileOf(accepted, name)) ? fileOf(accepted, name) : join(scratch, 'none')
  writeFileSync(now, report)
  if (before.startsWith(scratch)) writeFileSync(before, '')
  const { error } = spawnSync('git', ['--no-pager', 'diff', '--no-index', before, now], { stdio: 'inherit' })
  if (error !== undefined) console.log(`${relative(root, fileOf(accepted, name))} differs`)
  rmSync(scratch, { recursive: true })
}

const USAGE = `The public face of every package, in api/: npm run api [-- --accept]

  --accept   write what is so now, to be reviewed with the change that made it so
  --help     this text

Without --accept: shows what differs from api/, and ends with 1 if anything does.`

const main = (options) => {
  const unknown = options.find((option) => !['--accept', '--help'].includes(option))
  if (unknown !== undefined) {
    console.error(`api: no option is called ${unknown}\n\n${USAGE}`)
    return 1
  }
  if (options.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  const reports = apiReports()
  const changed = packageNames.filter((name) => reports[name] !== acceptedOf(name))
  const stray = strayReports()
  if (changed.length + stray.length === 0) {
    console.log(`The faces of ${packageNames.length} packages are as accepted.`)
    return 0
  }
  const named = [...changed, ...stray].join(', ')
  if (!options.includes('--accept')) {
    for (const name of changed) show(name, reports[name])
    console.error(`Not as accepted: ${named}. If that is meant: npm run api -- --accept`)
    return 1
  }
  mkdirSync(accepted, { recursive: true })
  for (const name of changed) writeFileSync(fileOf(accepted, name), reports[name])
  for (const file of stray) rmSync(join(accepted, file))
  console.log(`Accepted: ${named}. A change that users see needs a changeset, too: npx changeset`)
  return 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = main(process.argv.slice(2))
