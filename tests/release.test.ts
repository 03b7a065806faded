/** The release: its rehearsal, and the workflow that does it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from './command.js'
import { packages, root } from './workspace.js'

const MINUTE = 60_000

describe('a release', () => {
  it(
    'goes from changesets to an empty project that runs what was published',
    async (context) => {
      context.skip(
        process.env.MECHID_REHEARSE_RELEASE !== '1',
        'it takes minutes: MECHID_REHEARSE_RELEASE=1 asks for it, as the release workflow does'
      )
      const registry = await run(root, 'npm', 'ping', '--fetch-retries=0')
      context.skip(!registry.ok, 'the npm registry cannot be reached')
      process.env.MECHID_BUILT = '1'
      const ended = await run(root, process.execPath, 'scripts/rehearse-release.mjs')
      expect(ended.ok, ended.all).toBe(true)
      expect(ended.out).toContain(`${packages.length} packages published, installed and run; then `)
    },
    20 * MINUTE
  )
})

const workflow = readFileSync(join(root, '.github/workflows/release.yml'), 'utf8')
/** Each job by its name, as text. */
const jobs = Object.fromEntries(
  workflow
    .slice(workflow.indexOf('\njobs:\n') + '\njobs:\n'.length)
    .split(/^ {2}(?=\w+:$)/m)
    .filter((job) => job.trim() !== '')
    .map((job) => [job.slice(0, job.indexOf(':')), job])
)

describe('the release workflow', () => {
  it('has three jobs', () => {
    expect(Object.keys(jobs)).toEqual(['test', 'version', 'publish'])
  })

  it('pins every action to a commit, whose version stands beside it', () => {
    const used = [...workflow.matchAll(/uses: (.*)/g)].map(([, action]) => action)
    expect(used.length).toBeGreaterThan(5)
    expect(used.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual(
      []
    )
  })

  it('gives nobody a right that is not needed: the token that npm trusts is for what publishes alone', () => {
    expect(workflow).toMatch(/^permissions: \{\}$/m)
    const withIdentity = Object.keys(jobs).filter((name) => /id-token: write/.test(jobs[name]))
    expect(withIdentity).toEqual(['publish'])
    expect(jobs.publish).toMatch(/NPM_CONFIG_PROVENANCE: "true"/)
    expect(jobs.publish).toMatch(/needs: version/)
    // Git makes no tag for nobody.
    expect(jobs.publish).toMatch(/GIT_COMMITTER_NAME: .*\n +GIT_COMMITTER_EMAIL: /)
    expect(jobs.test).not.toMatch(/write/)
    expect(Object.keys(jobs).filter((name) => jobs[name].includes('secrets.'))).toEqual(['publish'])
  })

  it('prints no secret: it only stands in an environment', () => {
    const lines = workflow.split('\n').filter((line) => line.includes('secrets.'))
    expect(lines.filter((line) => !/^ +[A-Z_]+: \$\{\{ secrets\.\w+ \}\}$/.test(line))).toEqual([])
    expect(workflow).not.toMatch(/run:.*(TOKEN|printenv|\benv\b)/)
  })

  it('is that of the repository that the packages name, as provenance demands', () => {
    const urls = packages.map(
      ({ folder }) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).repository.url
    )
    expect(new Set(urls)).toEqual(new Set(['git+https://github.com/mechid/mechid.git']))
  })
})
