/** The arrows between packages: what each may import, read off the sources. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { examples, type Member, packages, portable, root } from './workspace.js'

/** Package -> those of ours that it may import. A new arrow is a decision: it is taken here. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  wasm: [],
  random: ['wasm'],
  values: ['random'],
  engine: ['values'],
  files: ['values'],
  report: ['values'],
  numerics: ['values', 'wasm'],
  compiler: ['engine', 'values', 'wasm'],
  metrics: ['numerics', 'random', 'values', 'wasm'],
  mechanisms: ['random', 'values', 'wasm'],
  'causal-graph': ['mechanisms', 'numerics', 'random', 'values'],
  algebra: ['causal-graph', 'mechanisms', 'numerics', 'random', 'values'],
  simulators: ['files', 'mechanisms', 'numerics', 'random', 'values', 'wasm'],
  recordings: ['files', 'numerics', 'random', 'values'],
  unmixing: ['numerics', 'random', 'values', 'wasm'],
  estimator: ['engine', 'files', 'mechanisms', 'numerics', 'random', 'unmixing', 'values'],
  evaluation: ['causal-graph', 'mechanisms', 'metrics', 'random', 'values'],
  'model-selection': ['engine', 'estimator', 'metrics', 'values'],
  baselines: ['engine', 'estimator', 'numerics', 'random', 'values']
}

/** Heavy or native dependencies -> the packages that may reach them. */
const reach: ReadonlyArray<readonly [what: RegExp, packages: readonly string[]]> = [
  [/^@tensorflow\//, ['estimator', 'baselines', 'compiler', 'engine']],
  [/^vega/, ['report']],
  [/^onnxruntime/, ['compiler']]
]

interface Import {
  /** Relative to the repository. */
  readonly file: string
  readonly specifier: string
}

/** What a node imports, types alone included: a package whose types are needed has to be declared, too. */
const specifierOf = (node: ts.Node): ts.Expression | undefined => {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
  const called = ts.isCallExpression(node) ? node.expression : undefined
  const imports =
    called?.kind === ts.SyntaxKind.ImportKeyword ||
    (called !== undefined && ts.isIdentifier(called) && called.text === 'require')
  return imports ? (node as ts.CallExpression).arguments[0] : undefined
}

const importsOfFile = (path: string): readonly Import[] => {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest)
  const found: Import[] = []
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node)
    if (specifier !== undefined && ts.isStringLiteralLike(specifier)) {
      found.push({ file: relative(root, path), specifier: specifier.text })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

const importsOf = ({ folder }: Member): readonly Import[] =>
  readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[cm]?tsx?$/.test(file))
    .flatMap((file) => importsOfFile(join(folder, 'src', file)))

/** `@scope/name/inner` -> `@scope/name`. */
const packageOf = (specifier: string): string =>
  specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')

const isRelative = (specifier: string): boolean => specifier.startsWith('.')

/** The file that a relative import names, relative to the repository. */
const fileOf = ({ file, specifier }: Import): string => {
  const source = resolve(root, dirname(file), specifier.replace(/\.js$/, '.ts'))
  return relative(root, !existsSync(source) && existsSync(`${source}x`) ? `${source}x` : source)
}

/** Files that import each other in a circle, from one of them round to it again; undefined: there is none. */
const circleAmong = (imports: readonly Import[]): readonly string[] | undefined => {
  const next = new Map<string, string[]>()
  for (const one of imports) {
    if (isRelative(one.specifier)) next.set(one.file, [...(next.get(one.file) ?? []), fileOf(one)])
  }
  const done = new Set<string>()
  const from = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return undefined
    for (const to of next.get(file) ?? []) {
      const circle = from(to, [...path, file])
      if (circle !== undefined) return circle
    }
    done.add(file)
    return undefined
  }
  for (const file of next.keys()) {
    const circle = from(file, [])
    if (circle !== undefined) return circle
  }
  return undefined
}

/** `a/b/internal/c.ts` -> `a/b`, outside of which no file may import it. */
const ownerOf = (file: string): string | undefined => /^(.*)\/internal\/[^/]+$/.exec(file)?.[1]
const isOurs = (specifier: string): boolean => specifier.startsWith('@mechid/')

const outside = (member: Member): readonly Import[] =>
  importsOf(member).filter(({ specifier }) => !isRelative(specifier) && !isBuiltin(specifier))

const shown = ({ file, specifier }: Import): string => `${file} imports ${specifier}`

const bundled: Readonly<Record<string, readonly string[]>> = {
  // See its tsup.config.ts.
  metrics: ['linear-sum-assignment']
}

const declared = ({ short, manifest }: Member): readonly string[] => [
  ...Object.keys(manifest.dependencies ?? {}),
  ...Object.keys(manifest.peerDependencies ?? {}),
  ...Object.keys(manifest.optionalDependencies ?? {}),
  ...(bundled[short] ?? [])
]

const members = [...packages, ...examples]

describe.each(members.map((member) => [relative(root, member.folder), member] as const))(
  '%s',
  (_, member) => {
    const all = importsOf(member)

    it('imports only what it declares', () => {
      const missing = outside(member).filter(
        ({ specifier }) => !declared(member).includes(packageOf(specifier))
      )
      expect(missing.map(shown)).toEqual([])
    })

    it('imports other packages by their public names alone', () => {
      const inner = all.filter(({ file, specifier }) =>
        isRelative(specifier)
          ? relative(join(member.folder, 'src'), resolve(root, dirname(file), specifier)).startsWith('..')
          : isOurs(specifier) && specifier !== packageOf(specifier)
      )
      expect(inner.map(shown)).toEqual([])
    })

    it('has no circle of files, types alone included', () => {
      expect(circleAmong(all)?.join(' -> ')).toBeUndefined()
    })

    it('keeps files of internal folders to the folders that they are in', () => {
      const strangers = all.filter((one) => {
        const owner = isRelative(one.specifier) ? ownerOf(fileOf(one)) : undefined
        return owner !== undefined && !one.file.startsWith(`${owner}/`)
      })
      expect(strangers.map(shown)).toEqual([])
    })

    it('imports fp-ts in the form that plain Node resolves', () => {
      const bare = all.filter(
        ({ specifier }) => packageOf(specifier) === 'fp-ts' && !/^fp-ts\/lib\/\w+\.js$/.test(specifier)
      )
      expect(bare.map(shown)).toEqual([])
    })
  }
)

describe('a circle', () => {
  const imports = (...pairs: ReadonlyArray<readonly [string, string]>): readonly Import[] =>
    pairs.map(([file, specifier]) => ({ file, specifier }))

  it('is found, however long, and shown from a file round to it again', () => {
    const circle = imports(['src/a.ts', './b.js'], ['src/b.ts', './in/c.js'], ['src/in/c.ts', '../b.js'])
    expect(circleAmong(circle)).toEqual(['src/b.ts', 'src/in/c.ts', 'src/b.ts'])
  })

  it('is not seen where two ways lead to one file', () => {
    const lattice = imports(['a.ts', './b.js'], ['a.ts', './c.js'], ['b.ts', './d.js'], ['c.ts', './d.js'])
    expect(circleAmong(lattice)).toBeUndefined()
  })
})

describe('the arrows', () => {
  it('are listed for every package', () => {
    expect(Object.keys(arrows).sort()).toEqual(packages.map(({ short }) => short).sort())
  })

  it.each(packages.map((member) => [member.short, member] as const))(
    'of %s are as listed',
    (short, member) => {
      const imported = outside(member).filter(({ specifier }) => isOurs(specifier))
      const wrong = imported.filter(
        ({ specifier }) => !arrows[short].includes(packageOf(specifier).slice('@mechid/'.length))
      )
      expect(wrong.map(shown)).toEqual([])
      const promised = Object.keys(member.manifest.dependencies ?? {}).filter(isOurs)
      expect(promised.map((name) => name.slice('@mechid/'.length)).sort()).toEqual([...arrows[short]].sort())
    }
  )

  it('never lead back', () => {
    const reached = (from: string, path: readonly string[]): void => {
      expect(path, `${path.join(' -> ')} -> ${from}`).not.toContain(from)
      for (const to of arrows[from] ?? []) reached(to, [...path, from])
    }
    for (const start of Object.keys(arrows)) reached(start, [])
  })

  it.each(reach)('to %s start in few places', (what, allowed) => {
    const strangers = packages.filter(({ short }) => !allowed.includes(short))
    const wrong = strangers.flatMap(outside).filter(({ specifier }) => what.test(specifier))
    expect(wrong.map(shown)).toEqual([])
    const declaring = strangers.filter((member) => declared(member).some((name) => what.test(name)))
    expect(declaring.map(({ short }) => short)).toEqual([])
  })
})

const sourcesOf = ({ folder }: Member): readonly string[] =>
  readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts')
  )

/** In builds for browsers, `name.browser.ts` stands for the `name.ts` beside it. */
const inBrowsers = (file: string): string => file.replace(/(\.browser)?\.ts$/, '.browser.ts')

describe('browsers', () => {
  const textOf = ({ folder }: Member): string => readFileSync(join(folder, 'README.md'), 'utf8')
  const memberNamed = (short: string): Member => packages.find((one) => one.short === short) as Member

  it('are promised by the packages that they can load, and by no other', () => {
    const promising = packages.filter((member) => /Node 20 or newer, and browsers: it /.test(textOf(member)))
    expect(promising.map(({ short }) => short)).toEqual([...portable].sort())
  })

  it('are in the table of what runs where as they are here', () => {
    const table = readFileSync(join(root, 'docs/support.md'), 'utf8')
    const rows = [...table.matchAll(/^\| \[`([\w-]+)`\]\(\S+\) +\| ✓ +\| ([✓–])/gm)]
    expect(rows.map(([, name]) => name)).toEqual(packages.map(({ short }) => short))
    const promised = rows.filter(([, , mark]) => mark === '✓').map(([, name]) => name)
    expect(promised).toEqual([...portable].sort())
  })

  it.each(portable)('can load %s: nothing of Node’s in it or in ours that it brings', (short) => {
    const member = memberNamed(short)
    const sources = new Set(sourcesOf(member))
    const replaced = (file: string): boolean => !/\.browser\.ts$/.test(file) && sources.has(inBrowsers(file))
    const builtins = importsOf(member).filter(
      ({ file, specifier }) =>
        isBuiltin(specifier) && !replaced(relative(join(member.folder, 'src'), join(root, file)))
    )
    expect(builtins.map(shown)).toEqual([])
    expect(arrows[short].filter((name) => !portable.includes(name))).toEqual([])
    const globals = [...sources].filter(
      (file) =>
        !replaced(file) &&
        /\b(Buffer\.|process\.\w|setImmediate\(|__dirname)/.test(
          readFileSync(join(member.folder, 'src', file), 'utf8')
        )
    )
    expect(globals).toEqual([])
  })

  it.each(portable)('get a build of their own of %s where it has files for them', (short) => {
    const member = memberNamed(short)
    const apart = sourcesOf(member).filter((file) => file.endsWith('.browser.ts'))
    const { browser } = (member.manifest.exports?.['.'] ?? {}) as { readonly browser?: object }
    expect(browser !== undefined).toBe(apart.length > 0)
    expect(textOf(member)).toContain(
      apart.length > 0
        ? 'and browsers: it has a build for them'
        : 'and browsers: it imports nothing of Node’s'
    )
    const alone = apart.filter((file) => !sourcesOf(member).includes(file.replace('.browser.ts', '.ts')))
    expect(alone).toEqual([])
  })
})
