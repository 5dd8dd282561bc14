import { AssertionError } from 'node:assert/strict'
import { describe, expect, it } from 'vitest'
import { HindcastError } from '@hindcast/core'
import { readModelStoreContract } from '@hindcast/testing'
import { FAULTS } from './faults.js'
import type { Fault } from './faults/fault.js'
import { memoryHarness } from './memory-harness.js'

const CASES = 99
const PLANTED = 106

/** A fault that hangs is waited for this long; every other one must be noticed by looking, however slow the machine. */
const HANGING_MS = 500
const PATIENCE_MS = 15_000

describe('the contract suite', () => {
  it('passes on the healthy store, with every case seen', async () => {
    const cases = readModelStoreContract(memoryHarness())
    expect(cases).toHaveLength(CASES)
    for (const { run } of cases) await run()
  })

  it('names every case once', () => {
    const names = namesOfCases()
    expect(new Set(names).size).toBe(names.length)
  })

  it('leaves out only the cases about several stores when the harness has no second', () => {
    const harness = memoryHarness()
    delete harness.second
    const left = new Set(readModelStoreContract(harness).map(({ name }) => name))
    const missing = namesOfCases().filter(name => !left.has(name))
    expect(missing).toHaveLength(9)
    for (const name of missing) expect(name).toMatch(/two stores|one store|another/)
  })

  it('has a fault for every case, and no fault for a case that is not there', () => {
    const caught = new Set(Object.values(FAULTS).flatMap(({ caughtBy }) => caughtBy))
    expect([...caught].toSorted()).toEqual(namesOfCases().toSorted())
  })

  it('lists the faults and what catches them in faults.md', async () => {
    expect(Object.keys(FAULTS)).toHaveLength(PLANTED)
    await expect(listOfFaults()).toMatchFileSnapshot('faults.md')
  })
})

describe('a store that', () => {
  for (const [name, fault] of Object.entries(FAULTS))
    it(`${name} is caught`, async () => {
      expect(fault.caughtBy.length).toBeGreaterThan(0)
      for (const caseName of fault.caughtBy) await mustFail(caseName, fault)
    })
})

async function mustFail(caseName: string, fault: Fault): Promise<void> {
  const harness = memoryHarness(fault.plant, fault.hangs ? HANGING_MS : PATIENCE_MS)
  const found = readModelStoreContract(harness).find(({ name }) => name === caseName)
  if (!found) return expect.fail(`the suite has no case "${caseName}"`)
  const error: unknown = await found.run().then(
    () => expect.fail(`"${caseName}" does not notice it`),
    (reason: unknown) => reason,
  )
  // Anything else is a mistake of the planted fault itself, and proves nothing about the suite.
  if (!(error instanceof AssertionError) && !(error instanceof HindcastError)) throw error
  const inVain = error.message.startsWith('not finished within')
  expect(inVain, `"${caseName}" noticed it with: ${error.message}`).toBe(fault.hangs ?? false)
}

function namesOfCases(): string[] {
  return readModelStoreContract(memoryHarness()).map(({ name }) => name)
}

function listOfFaults(): string {
  const entries = Object.entries(FAULTS).map(
    ([name, { caughtBy }]) => `- a store that ${name}\n${caughtBy.map(each => `  - ${each}\n`).join('')}`,
  )
  return `# Planted faults and the cases that catch them\n\n${entries.join('')}`
}
