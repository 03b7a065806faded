/** Counts tests for the closing line `N passed, N failed` of a CI run. */
import { writeFileSync } from 'node:fs'

export default class PlainCountReporter {
  onTestRunEnd(modules, errors) {
    const count = { passed: 0, failed: errors.length, skipped: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const state = test.result().state
        if (state in count) count[state] += 1
      }
      // A file that could not be loaded holds no tests, yet it failed.
      if (module.errors().length > 0) count.failed += 1
    }
    const file = process.env.MECHID_TEST_COUNT
    if (file) writeFileSync(file, JSON.stringify(count))
  }
}
