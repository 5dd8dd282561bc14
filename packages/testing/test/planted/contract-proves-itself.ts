import { AssertionError } from 'node:assert/strict'
import { describe, expect, it } from 'vitest'
import { HindcastError } from '@hindcast/core'
import type { ContractCase } from '@hindcast/testing'
import type { Fault, Faults } from './fault.js'

/** A fault that hangs is waited for this long; every other one must be noticed by looking, however slow the machine. */
const HANGING_MS = 500
const PATIENCE_MS = 15_000

/** What a contract suite and the faults planted in front of it are. */
export interface ProofParts<Plant, Harness extends { second?: unknown }> {
  readonly contract: (harness: Harness) => readonly ContractCase[]
  /** On the healthy store in memory, or with a fault before it. */
  readonly harness: (plant?: Plant, timeoutMs?: number) => Harness
  readonly faults: Faults<Plant>
  /** How many of everything there must be, so that nothing is left out unseen. */
  readonly expected: { readonly cases: number; readonly planted: number; readonly withoutSecond: number }
  /** What the names of the cases say that need a second store. */
  readonly saysSecond: RegExp
}

/** Shows that a contract suite passes on a healthy store, and that each of its cases notices what it is there for. */
export function contractProvesItself<Plant, Harness extends { second?: unknown }>(
  parts: ProofParts<Plant, Harness>,
): void {
  const { contract, harness, faults, expected, saysSecond } = parts
  const names = (): string[] => contract(harness()).map(({ name }) => name)

  describe('the contract suite', () => {
    it('passes on the healthy store, with every case seen', async () => {
      const cases = contract(harness())
      expect(cases).toHaveLength(expected.cases)
      for (const { run } of cases) await run()
    })

    it('names every case once', () => {
      expect(new Set(names()).size).toBe(names().length)
    })

    it('leaves out only the cases about several stores when the harness has no second', () => {
      const lonely = harness()
      delete lonely.second
      const left = new Set(contract(lonely).map(({ name }) => name))
      const missing = names().filter(name => !left.has(name))
      expect(missing).toHaveLength(expected.withoutSecond)
      for (const name of missing) expect(name).toMatch(saysSecond)
    })

    it('has a fault for every case, and no fault for a case that is not there', () => {
      const caught = new Set(Object.values(faults).flatMap(({ caughtBy }) => caughtBy))
      expect([...caught].toSorted()).toEqual(names().toSorted())
    })

    it('lists the faults and what catches them in faults.md', async () => {
      expect(Object.keys(faults)).toHaveLength(expected.planted)
      await expect(listOf(faults)).toMatchFileSnapshot('faults.md')
    })
  })

  describe('a store that', () => {
    for (const [name, fault] of Object.entries(faults))
      it(`${name} is caught`, async () => {
        expect(fault.caughtBy.length).toBeGreaterThan(0)
        for (const caseName of fault.caughtBy) {
          const planted = contract(harness(fault.plant, fault.hangs ? HANGING_MS : PATIENCE_MS))
          await mustFail(planted, caseName, fault.hangs ?? false)
        }
      })
  })
}

async function mustFail(cases: readonly ContractCase[], caseName: string, hangs: boolean): Promise<void> {
  const found = cases.find(({ name }) => name === caseName)
  if (!found) return expect.fail(`the suite has no case "${caseName}"`)
  const error: unknown = await found.run().then(
    () => expect.fail(`"${caseName}" does not notice it`),
    (reason: unknown) => reason,
  )
  // Anything else is a mistake of the planted fault itself, and proves nothing about the suite.
  if (!(error instanceof AssertionError) && !(error instanceof HindcastError)) throw error
  const inVain = error.message.startsWith('not finished within')
  expect(inVain, `"${caseName}" noticed it with: ${error.message}`).toBe(hangs)
}

function listOf(faults: Faults<unknown>): string {
  const entries = Object.entries(faults).map(
    ([name, { caughtBy }]: [string, Pick<Fault<unknown>, 'caughtBy'>]) =>
      `- a store that ${name}\n${caughtBy.map(each => `  - ${each}\n`).join('')}`,
  )
  return `# Planted faults and the cases that catch them\n\n${entries.join('')}`
}
