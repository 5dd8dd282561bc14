import { describe, expect, it } from 'vitest'
import { judgeRecords, type JudgedPartition } from './judge-records.js'
import type { TopicRecord } from './topic-record.js'

const SHARED = 2n ** 62n
const LOG = 'hindcast:log-1'

describe('the rule, read from the page', () => {
  it('takes a batch for events that stands behind the one it was decided after', () => {
    const judged = judge(...genesis(), ...batch(1, 0, 'a', 'b'), ...batch(3, 2, 'c'))
    expect(ids(judged)).toEqual(['a', 'b', 'c'])
    expect(judged).toMatchObject({ logId: LOG, void: 0, foreign: 0 })
  })

  it('reads stream, version, command, time and place', () => {
    expect(judge(...genesis(), ...batch(1, 0, 'a')).events).toEqual([
      {
        id: 'a',
        stream: 'account-1',
        version: 7,
        partition: 3,
        offset: 1n,
        time: Date.UTC(2026, 0, 1),
        commandId: 'command',
      },
    ])
  })

  it('does not take a batch that comes once more', () => {
    const judged = judge(...genesis(), ...batch(1, 0, 'a'), ...batch(2, 0, 'a'), ...batch(3, 2, 'b'))
    expect(ids(judged)).toEqual(['a', 'b'])
    expect(judged.void).toBe(1)
  })

  it('does not take a batch that was decided after a void one was not yet there', () => {
    const judged = judge(...genesis(), ...batch(1, 7, 'void'), ...batch(2, 0, 'late'))
    expect(judged).toMatchObject({ events: [], void: 2 })
  })

  it('looks past the records of others, whatever their headers say', () => {
    const others = batch(1, 0, 'x').map(record => ({ ...record, producerId: -1n }))
    const judged = judge(...genesis(), ...others, ...batch(2, 0, 'a'))
    expect(ids(judged)).toEqual(['a'])
    expect(judged.foreign).toBe(1)
  })

  it('takes no events in front of the genesis record, of another log, or with a header missing', () => {
    expect(judge(...batch(0, -1, 'a'))).toMatchObject({ logId: undefined, events: [], void: 1 })
    for (const headers of [
      { ce_source: 'hindcast:other' },
      { ce_commandid: undefined },
      { ce_after: undefined },
    ])
      expect(judge(...genesis(), ...batch(1, 0, 'a').map(record => changed(record, headers)))).toMatchObject({
        events: [],
        void: 1,
      })
  })
})

function judge(...records: TopicRecord[]): JudgedPartition {
  return judgeRecords(3, records)
}

function ids({ events }: JudgedPartition): string[] {
  return events.map(({ id }) => id)
}

function genesis(): TopicRecord[] {
  const headers = { ce_after: '-1', ce_type: 'hindcast.log.created', ce_source: LOG }
  return [{ offset: 0n, batch: 0n, producerId: SHARED, headers }]
}

function batch(at: number, after: number, ...eventIds: string[]): TopicRecord[] {
  return eventIds.map((id, i) => ({
    offset: BigInt(at + i),
    batch: BigInt(at),
    producerId: SHARED,
    headers: {
      ...(i === 0 && { ce_after: String(after) }),
      ce_id: id,
      ce_type: 'account.touched',
      ce_source: LOG,
      ce_subject: 'account-1',
      ce_streamversion: '7',
      ce_commandid: 'command',
      ce_time: '2026-01-01T00:00:00.000Z',
    },
  }))
}

function changed(record: TopicRecord, headers: Record<string, string | undefined>): TopicRecord {
  const entries = Object.entries({ ...record.headers, ...headers }).filter(([, value]) => value !== undefined)
  return { ...record, headers: Object.fromEntries(entries) as Record<string, string> }
}
