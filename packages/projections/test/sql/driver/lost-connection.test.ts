import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Claim, ProjectionStep, StepDiagnostic } from '@hindcast/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { postgresSuite } from '../../../../../test/servers/suites.js'
import { PostgresDatabase } from '../../../src/driver/postgres-database.js'
import { postgresAddress } from '../../../src/postgres-options.js'
import { SqlReadModelStore } from '../../../src/store/sql-read-model-store.js'
import { makePostgres, type PostgresTestDatabase } from '../setup/databases.js'
import { Proxy } from '../setup/proxy.js'
import { codec, everything, place, plainRow } from '../setup/rows.js'

const STEPS: readonly ProjectionStep[] = ['begun', 'checkpoint-written', 'rows-written', 'committed']

postgresSuite('a connection that is lost', () => {
  let database: PostgresTestDatabase
  let proxy: Proxy
  let store: SqlReadModelStore

  beforeEach(async () => {
    database = await makePostgres()
    proxy = await Proxy.to(new URL(database.url))
    store = new SqlReadModelStore(new PostgresDatabase(postgresAddress(proxy.url(database.url))))
    await store.prepare(everything, [place.log])
  })
  afterEach(async () => {
    await store[Symbol.asyncDispose]()
    proxy.close()
    await database[Symbol.asyncDispose]()
  })

  /** Counts one event: `integer` of the row is how many were counted. */
  function count(
    { next, epoch }: Claim,
    meanwhile?: () => Promise<unknown>,
    through: SqlReadModelStore = store,
  ): Promise<unknown> {
    return through.transact({ ...place, from: next, epoch, next: next + 1n }, async tx => {
      const before = (await tx.load(['a'], { shared: false })).get('a')
      await meanwhile?.()
      const row = codec.check({
        ...plainRow,
        integer: ((before?.['integer'] as number | undefined) ?? 0) + 1,
      })
      await tx.save({ upserts: new Map([['a', row]]), deletes: [] })
    })
  }

  /** Counts to the number, as a worker does: whatever may pass, claim again and go on from what the claim says. */
  async function countTo(target: bigint): Promise<number> {
    let failures = 0
    for (;;) {
      try {
        let claim = await store.claim(place)
        while (claim.next < target) {
          if ((await count(claim)) === 'fenced') break
          claim = { ...claim, next: claim.next + 1n }
        }
        if (claim.next >= target) return failures
      } catch (error) {
        expect(error).toMatchObject({ code: 'HC_READ_MODEL_UNREACHABLE', retryable: true })
        failures++
      }
    }
  }

  async function counted(): Promise<unknown> {
    const { rows, reached } = await store.read(place, { kind: 'key', key: 'a' }, { ...place, offset: 0n })
    return [rows[0] && (rows[0] as { integer: number }).integer, reached]
  }

  it.each(STEPS)('at step %s, each third time: 21 events give 21', async step => {
    let met = 0
    const cut = (message: unknown): void => {
      if ((message as StepDiagnostic).step === step && ++met % 3 === 1 && met < 30) proxy.cut()
    }
    subscribe('hindcast:projections:step', cut)
    try {
      const failures = await countTo(21n)
      if (step !== 'committed') expect(failures).toBeGreaterThan(3)
    } finally {
      unsubscribe('hindcast:projections:step', cut)
    }
    expect(met).toBeGreaterThanOrEqual(21)
    expect(await counted()).toEqual([21, 21n])
  })

  it('between COMMIT and its answer leaves the outcome unknown, and nothing doubled or lost', async () => {
    const claim = await store.claim(place)
    proxy.swallowAnswersTo('\u000Bcommit\0') // the whole message, and no isolation level that has the word in it
    await expect(count(claim)).rejects.toMatchObject({ code: 'HC_READ_MODEL_UNREACHABLE' })
    proxy.swallowAnswersTo(undefined)
    expect((await store.claim(place)).next).toBe(1n)
    await countTo(21n)
    expect(await counted()).toEqual([21, 21n])
  })

  it.each(STEPS)(
    'without a word, at step %s: it is given up after a while, and 21 events give 21',
    async step => {
      const address = postgresAddress({ url: proxy.url(database.url), answerTimeoutMs: 2_000 })
      await using patient = new SqlReadModelStore(new PostgresDatabase(address))
      await patient.prepare(everything, [place.log])
      const hush = (message: unknown): void => {
        if ((message as StepDiagnostic).step === step) proxy.fallSilent(true)
      }
      const claim = await patient.claim(place)
      subscribe('hindcast:projections:step', hush)
      try {
        const met = count(claim, undefined, patient)
        // After the commit, the next one to ask meets the silence, perhaps while it connects.
        await expect(step === 'committed' ? met.then(() => patient.claim(place)) : met).rejects.toMatchObject(
          {
            code: 'HC_READ_MODEL_UNREACHABLE',
            retryable: true,
            message: expect.stringMatching(/has not answered for 2000 ms|timeout/) as string,
          },
        )
      } finally {
        unsubscribe('hindcast:projections:step', hush)
      }
      proxy.fallSilent(false)
      await countTo(21n)
      expect(await counted()).toEqual([21, 21n])
    },
  )

  it('by the server ends a transaction at once, also while a handler waits for something that never comes', async () => {
    const claim = await store.claim(place)
    const hanging = count(claim, async () => {
      await database.terminate(`state = 'idle in transaction'`)
      await new Promise(() => undefined)
    })
    await expect(hanging).rejects.toMatchObject({ code: 'HC_READ_MODEL_UNREACHABLE' })
    await countTo(3n)
    expect(await counted()).toEqual([3, 3n])
  })

  it('in the pool is replaced without anybody noticing', async () => {
    await countTo(2n)
    expect(await database.terminate('true')).toBeGreaterThan(0)
    await expect.poll(() => database.sessions()).toBe(0)
    expect(await countTo(4n)).toBeLessThanOrEqual(1)
    expect(await counted()).toEqual([4, 4n])
  })

  it('is not used again when it failed to begin a transaction, also where the server says so in pieces', async () => {
    const claim = await store.claim(place)
    const opened = await database.open()
    const rename = (from: string, to: string): Promise<unknown> =>
      opened.session(session => session.script(`alter table hindcast.${from} rename to ${to}`))
    await rename('checkpoints', 'elsewhere')
    proxy.answerInPieces(true)
    await expect(count(claim)).rejects.toMatchObject({ code: 'HC_READ_MODEL_CHANGED' })
    proxy.answerInPieces(false)
    await rename('elsewhere', 'checkpoints')
    expect(await count(claim)).toBe('committed')
  })

  it('while nobody answers is a coded error, and all goes on when somebody does', async () => {
    await countTo(2n)
    proxy.refuse(true)
    proxy.cut()
    const unreachable = { code: 'HC_READ_MODEL_UNREACHABLE', retryable: true }
    await expect(counted()).rejects.toMatchObject(unreachable)
    await expect(store.claim(place)).rejects.toMatchObject(unreachable)
    proxy.refuse(false)
    await countTo(5n)
    expect(await counted()).toEqual([5, 5n])
  })

  it('of a frozen owner is ended by the server, so that the next owner need not wait for ever', async () => {
    const frozen = new SqlReadModelStore(
      new PostgresDatabase(postgresAddress({ url: database.url, idleInTransactionTimeoutMs: 300 })),
    )
    await frozen.prepare(everything, [place.log])
    const old = await frozen.claim(place)
    const fence = { ...place, from: old.next, epoch: old.epoch, next: old.next + 1n }
    let begun = (): void => undefined
    const inside = new Promise<void>(resolve => (begun = resolve))
    const stuck = frozen.transact(fence, () => {
      begun()
      return new Promise(() => undefined)
    })
    const outcome = stuck.catch((error: unknown) => error)
    await inside
    await countTo(2n)
    expect(await outcome).toMatchObject({ code: 'HC_READ_MODEL_UNREACHABLE' })
    expect(await frozen.transact(fence, async () => undefined)).toBe('fenced')
    expect(await counted()).toEqual([2, 2n])
    await frozen[Symbol.asyncDispose]()
  })

  it('of a reader that waits does not end the waiting', async () => {
    const over = new AbortController()
    const waiting = store
      .moved(place, 1n, over.signal)
      .catch((error: unknown) => expect(error).toMatchObject({ retryable: true }))
    await database.terminate('true')
    await countTo(2n)
    await waiting
    over.abort()
  })
})
