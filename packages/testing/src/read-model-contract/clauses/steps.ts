import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { ReadModelStore, StepDiagnostic } from '@hindcast/core'
import { clause, type ReadModelClause } from '../clause.js'
import { HERE, Owner } from '../owner.js'
import { throwsThis } from '../refusal.js'
import { counter, put } from '../rows.js'

const CHANNEL = 'hindcast:projections:step'

/** What a transaction says of itself while it runs. */
export const steps: readonly ReadModelClause[] = [
  clause('a transaction says each step when it is done, with its place and where it leads', async trial => {
    const store = await trial.open()
    const owner = await Owner.of(store, { ...HERE, partition: 3 })
    const seen = await stepsOf(async note => {
      await owner.commit(async tx => {
        note('work begins')
        await put(tx, [counter('a')])
        note('work ends')
      }, 4n)
    })
    assert.deepEqual(
      seen.map(each => (typeof each === 'string' ? each : each.step)),
      ['begun', 'checkpoint-written', 'work begins', 'work ends', 'rows-written', 'committed'],
    )
    const place = { projection: HERE.projection, version: HERE.version, logId: HERE.log }
    for (const each of seen)
      if (typeof each !== 'string')
        assert.deepEqual(each, { ...place, step: each.step, partition: 3, checkpoint: 0n, next: 4n })
  }),

  clause('a fenced transaction does not say that it wrote its checkpoint', async trial => {
    const store = await trial.open()
    const frozen = await Owner.of(store)
    await Owner.of(store)
    const seen = await stepsOf(() => frozen.fencedOut())
    assert.deepEqual(namesBut(seen, 'begun'), [])
  }),

  clause('a transaction whose work throws does not say that it wrote its rows', async trial => {
    const store: ReadModelStore = await trial.open()
    const owner = await Owner.of(store)
    const crash = new Error('crash')
    const seen = await stepsOf(() =>
      throwsThis(crash, () => store.transact(owner.fence(), () => Promise.reject(crash))),
    )
    assert.deepEqual(namesBut(seen, 'begun'), ['checkpoint-written'])
  }),
]

type Seen = StepDiagnostic | string

/** What is said while the work runs, with the notes of the work itself in between. */
async function stepsOf(work: (note: (text: string) => void) => Promise<void>): Promise<readonly Seen[]> {
  const seen: Seen[] = []
  const listen = (message: unknown): void => {
    const step = message as StepDiagnostic
    if (step.projection === HERE.projection && step.logId === HERE.log) seen.push(step)
  }
  subscribe(CHANNEL, listen)
  try {
    await work(text => seen.push(text))
  } finally {
    unsubscribe(CHANNEL, listen)
  }
  return seen
}

function namesBut(seen: readonly Seen[], left: string): readonly string[] {
  return seen.map(each => (typeof each === 'string' ? each : each.step)).filter(name => name !== left)
}
