import {
  Hindcast,
  memory,
  memorySnapshots,
  readersOf,
  snapshotFingerprint,
  SnapshotDamagedError,
  type App,
  type SnapshotStore,
} from '@hindcast/core'
import { describe, expect, it } from 'vitest'
import { countingPurse, Log, recompiledPurse, upcasters } from './purse.js'

const cents = (paid: number) => paid
const rounded = (paid: number) => paid - (paid % 100)
const Before = countingPurse(cents)
const Today = countingPurse(rounded)

const fingerprint = (aggregate: typeof Before): string =>
  snapshotFingerprint(readersOf({ aggregates: [aggregate], upcasters }).aggregates[0]!)

/** A log whose purses have snapshots of the build before. */
async function withSnapshots(names: readonly string[]): Promise<{
  readonly log: Log
  readonly snapshots: SnapshotStore
  /** Takes a snapshot of a purse as it is now, by a build. */
  readonly take: (build: typeof Before, name: string) => Promise<void>
}> {
  const open = memory({ partitions: 3, logId: 'books' })
  const log = await Log.make(3, open)
  const snapshots = memorySnapshots()
  const start = (build: typeof Before): Promise<App> =>
    Hindcast.start({ store: open, aggregates: [build], upcasters, snapshots, log: false })
  await using before = await start(Before)
  for (const name of names) {
    await log.fill(`purse-${name}`, 3)
    await before.snapshot(Before, name)
    await log.append(`purse-${name}`, 'purse.paid', { cents: 250 }, 2)
  }
  const take = async (build: typeof Before, name: string): Promise<void> => {
    await using app = await start(build)
    await app.snapshot(build, name)
  }
  return { log, snapshots, take }
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

  it('compares those of a build whose text is another, as the same code has from another compiler', async () => {
    const { log, snapshots } = await withSnapshots(['a', 'b'])
    const recompiled = recompiledPurse(cents)
    expect(fingerprint(recompiled)).not.toBe(fingerprint(Before))
    expect(await log.verify({}, { aggregates: [recompiled], snapshots })).toMatchObject({
      problems: 0,
      snapshots: { found: 2, compared: 2, ofOtherBuilds: 2 },
    })
    const report = await log.verify({}, { aggregates: [recompiledPurse(rounded)], snapshots })
    expect(report).toMatchObject({
      problemsByCode: { HC_SNAPSHOT_STALE: 2 },
      snapshots: { found: 2, compared: 2, ofOtherBuilds: 2 },
    })
    const { message } = report.firstProblems[0]!
    expect(message).toContain('at version 3 is not what its events fold to: total is 3 in it and 0 folded. ')
    expect(message).toContain('A build took it in which the text of CountingPurse is another')
  })

  it('compares all that builds have kept of a stream, at one version or at several', async () => {
    const { log, snapshots, take } = await withSnapshots(['a'])
    const recompiled = recompiledPurse(cents)
    await take(recompiled, 'a')
    await log.append('purse-a', 'purse.paid', { cents: 1 }, 2)
    expect(await log.verify({}, { aggregates: [Before], snapshots })).toMatchObject({
      problems: 0,
      snapshots: { found: 2, compared: 2, ofOtherBuilds: 1 },
    })
    await take(recompiled, 'a')
    await take(Before, 'a')
    const report = await log.verify({}, { aggregates: [Today], snapshots })
    expect(report).toMatchObject({
      problemsByCode: { HC_SNAPSHOT_STALE: 2 },
      snapshots: { found: 2, compared: 2, ofOtherBuilds: 1 },
    })
    expect(report.firstProblems.map(({ version }) => version)).toEqual([5, 5])
  })

  it('does not look at those whose class declares something else, nor at those of an aggregate without a policy', async () => {
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
      fingerprints: stream => snapshots.fingerprints(stream),
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

  it('compares all, or those of a share of the streams, as many of old streams as of new ones', async () => {
    const names = Array.from({ length: 400 }, (_, i) => `n${i}`)
    const { log, snapshots } = await withSnapshots(names)
    const compared = async (snapshotShare?: number): Promise<readonly number[]> => {
      const options = { problems: Infinity, ...(snapshotShare !== undefined && { snapshotShare }) }
      const report = await log.verify(options, { aggregates: [Today], snapshots })
      expect(report.problems).toBe(report.snapshots!.compared)
      return report.firstProblems.map(({ stream }) => Number(stream!.slice('purse-n'.length)))
    }
    expect(await compared()).toHaveLength(400)
    expect(await compared(1)).toHaveLength(400)
    expect(await compared(0)).toEqual([])
    const half = await compared(0.5)
    for (const from of [0, 100, 200, 300]) {
      const many = half.filter(each => each >= from && each < from + 100).length
      expect(many).toBeGreaterThan(35)
      expect(many).toBeLessThan(65)
    }
    expect(await compared(0.5)).toEqual(half)
  })
})
