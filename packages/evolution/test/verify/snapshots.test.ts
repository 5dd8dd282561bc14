import {
  Hindcast,
  memory,
  memorySnapshots,
  readersOf,
  snapshotFingerprint,
  SnapshotDamagedError,
  type SnapshotStore,
} from '@hindcast/core'
import { describe, expect, it } from 'vitest'
import { countingPurse, Log, upcasters } from './purse.js'

const cents = (paid: number) => paid
const rounded = (paid: number) => paid - (paid % 100)
const Before = countingPurse(cents)
const Today = countingPurse(rounded)

const fingerprint = (aggregate: typeof Before): string =>
  snapshotFingerprint(readersOf({ aggregates: [aggregate], upcasters }).aggregates[0]!)

/** A log whose purses have snapshots of the build before. */
async function withSnapshots(
  names: readonly string[],
): Promise<{ readonly log: Log; readonly snapshots: SnapshotStore }> {
  const open = memory({ partitions: 3, logId: 'books' })
  const log = await Log.make(3, open)
  const snapshots = memorySnapshots()
  await using app = await Hindcast.start({
    store: open,
    aggregates: [Before],
    upcasters,
    snapshots,
    log: false,
  })
  for (const name of names) {
    await log.fill(`purse-${name}`, 3)
    await app.snapshot(Before, name)
    await log.append(`purse-${name}`, 'purse.paid', { cents: 250 }, 2)
  }
  return { log, snapshots }
}

describe('verifying snapshots', () => {
  it('finds those that are stale because a function has changed that @Apply calls, though the fingerprint is the same', async () => {
    const { log, snapshots } = await withSnapshots(['a', 'b'])
    expect(fingerprint(Today)).toBe(fingerprint(Before))
    expect(await log.verify({}, { aggregates: [Before], snapshots })).toMatchObject({
      problems: 0,
      snapshots: { found: 2, compared: 2 },
    })
    const report = await log.verify({}, { aggregates: [Today], snapshots })
    expect(report).toMatchObject({
      problemsByCode: { HC_SNAPSHOT_STALE: 2 },
      snapshots: { found: 2, compared: 2 },
      notFolded: 0,
    })
    expect(report.firstProblems[0]).toMatchObject({ version: 3, place: expect.stringMatching(/^\d:\d+$/) })
    expect(report.firstProblems[0]!.message).toContain(
      'at version 3 is not what its events fold to: total is 3 in it and 0 folded. ',
    )
    expect(report.firstProblems[0]!.message).toContain('Raise snapshotVersion of CountingPurse')
  })

  it('does not look at those of another build, nor at those of an aggregate without a policy', async () => {
    const { log, snapshots } = await withSnapshots(['a'])
    const next = countingPurse(rounded, { snapshotVersion: 2 })
    expect(await log.verify({}, { aggregates: [next], snapshots })).toMatchObject({
      problems: 0,
      snapshots: { found: 0, compared: 0 },
    })
    const none = countingPurse(rounded, {})
    expect(await log.verify({}, { aggregates: [none], snapshots })).toMatchObject({
      problems: 0,
      snapshots: { found: 0, compared: 0 },
    })
  })

  it('finds damaged ones, and goes on', async () => {
    const { log, snapshots } = await withSnapshots(['a', 'b'])
    const torn: SnapshotStore = {
      load: async (stream, build) => {
        if (stream === 'purse-a') throw new SnapshotDamagedError(stream, build, 'its checksum differs')
        const snapshot = await snapshots.load(stream, build)
        return snapshot && { ...snapshot, state: snapshot.state.slice(1) }
      },
      save: snapshot => snapshots.save(snapshot),
      [Symbol.asyncDispose]: async () => undefined,
    }
    const report = await log.verify({}, { aggregates: [Before], snapshots: torn })
    expect(report).toMatchObject({ problemsByCode: { HC_SNAPSHOT_DAMAGED: 2 }, notFolded: 0, events: 10 })
    expect(report.firstProblems.map(({ stream }) => stream!).toSorted()).toEqual(['purse-a', 'purse-b'])
  })

  it('takes those that the log has no event for as what they are: never used', async () => {
    const { log, snapshots } = await withSnapshots(['a', 'b'])
    const kept = (await snapshots.load('purse-a', fingerprint(Before)))!
    await snapshots.save({ ...kept, version: 999 })
    const other = (await snapshots.load('purse-b', fingerprint(Before)))!
    await snapshots.save({ ...other, lastEventId: 'another', state: '{"total":77}' })
    expect(await log.verify({}, { aggregates: [Before], snapshots })).toMatchObject({
      problems: 0,
      snapshots: { found: 2, compared: 0 },
    })
  })

  it('follows one that the app replaces while it reads', async () => {
    const { log, snapshots } = await withSnapshots(['a'])
    let loads = 0
    const replaced: SnapshotStore = {
      ...snapshots,
      load: async (stream, build) => {
        const snapshot = await snapshots.load(stream, build)
        return loads++ === 0 ? { ...snapshot!, version: 1 } : snapshot
      },
    }
    expect(await log.verify({}, { aggregates: [Today], snapshots: replaced })).toMatchObject({
      problemsByCode: { HC_SNAPSHOT_STALE: 1 },
      firstProblems: [{ version: 3 }],
      snapshots: { found: 1, compared: 1 },
    })
  })

  it('compares so many as it is told: a number, a share of the streams, all or none', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `n${i}`)
    const { log, snapshots } = await withSnapshots(names)
    const compared = async (sample: number | { share: number }): Promise<number> => {
      const report = await log.verify({ snapshots: sample }, { aggregates: [Today], snapshots })
      expect(report.problems).toBe(report.snapshots!.compared)
      return report.problems
    }
    expect(await compared(0)).toBe(0)
    expect(await compared(Infinity)).toBe(60)
    const some = await compared(7)
    expect(some).toBeGreaterThanOrEqual(7)
    expect(some).toBeLessThan(20)
    const half = await compared({ share: 0.5 })
    expect(half).toBeGreaterThan(10)
    expect(half).toBeLessThan(50)
    expect(await compared({ share: 0.5 })).toBe(half)
    expect(await compared({ share: 1 })).toBe(60)
  })
})
