import { relative } from 'node:path'
import { files, root } from '../workspace/files.mjs'
import { judgeRun } from './judge-run.mjs'

/** vitest's reporter for the last word: what ran, what did not, and whether that may count as green. */
export default class LastWord {
  /** @type {import('vitest/node').Vitest | undefined} */
  #vitest

  /** @param {import('vitest/node').Vitest} vitest */
  onInit(vitest) {
    this.#vitest = vitest
  }

  /**
   * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
   * @param {ReadonlyArray<unknown>} errors outside of any test
   */
  async onTestRunEnd(modules, errors) {
    const config = this.#vitest?.config
    const known = (await this.#vitest?.globTestSpecifications()) ?? []
    const ran = modules.map(pathOf)
    const outcomes = modules.flatMap(module =>
      Array.from(module.children.allTests(), test => ({
        name: test.fullName,
        file: pathOf(module),
        state: test.result().state,
      })),
    )
    const verdict = judgeRun({
      outcomes,
      ran,
      broken: modules.filter(module => module.errors().length > 0).map(pathOf),
      expected: files(/\.test(-d)?\.ts$/),
      unserved: modules.flatMap(module => {
        const server = missingServer(module)
        return server ? [{ file: pathOf(module), server }] : []
      }),
      filtered: modules.length < known.length || Boolean(config?.testNamePattern || config?.project.length),
      ci: process.env['CI'] === 'true',
    })
    for (const remark of verdict.remarks) console.log(remark)
    console.log(verdict.summary)
    if (verdict.lastLine) console.log(verdict.lastLine)
    if (!verdict.ok || errors.length > 0) process.exitCode = 1
  }
}

/** @param {import('vitest/node').TestModule} module */
function pathOf(module) {
  return relative(root, module.moduleId)
}

/**
 * The server that a test file needed and did not get.
 *
 * @param {import('vitest/node').TestModule} module
 */
function missingServer({ project, children }) {
  const provided = project.getProvidedContext()
  if (project.name === 'kafka') return provided.kafkaBrokers === undefined ? 'Kafka' : undefined
  if (project.name !== 'sql' || provided.postgresUrl !== undefined) return undefined
  return Array.from(children.allTests('skipped')).length > 0 ? 'PostgreSQL' : undefined
}
