import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BATCH } from '../src/record/batch-layout.js'
import { BatchEncoder, type EncodableAppend } from '../src/record/batch-encoder.js'
import { crc32c } from '../src/record/crc32c.js'
import { splitBatches } from '../src/record/record-batch.js'
import { gzipSync } from 'node:zlib'

const require = createRequire(import.meta.url)
const kafkajsCrc = require('kafkajs/src/protocol/recordBatch/crc32C') as (bytes: Buffer) => number
const KafkajsDecoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object
const kafkajsBatch = require('kafkajs/src/protocol/recordBatch/v0/decoder') as (
  decoder: object,
) => Promise<KafkajsBatch>
const { RecordBatch: kafkajsEncode } = require('kafkajs/src/protocol/recordBatch/v0') as {
  RecordBatch: (batch: object) => Promise<{ buffer: Buffer }>
}
const kafkajsRecord = require('kafkajs/src/protocol/recordBatch/record/v0') as (record: object) => object

interface KafkajsBatch {
  readonly producerId: string
  readonly producerEpoch: number
  readonly firstSequence: number
  readonly lastOffsetDelta: number
  readonly records: readonly {
    readonly key: Buffer
    readonly value: Buffer
    readonly headers: Readonly<Record<string, Buffer>>
    readonly timestamp: string
  }[]
}

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 80 })
const event = fc.record({
  id: text,
  type: text,
  schemaVersion: fc.integer({ min: 1, max: 1000 }),
  data: fc.oneof(text, fc.string({ unit: 'binary', maxLength: 20_000 })),
})
const append: fc.Arbitrary<EncodableAppend> = fc
  .record({
    time: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    commandId: text,
    command: fc.option(text, { nil: undefined }),
    result: fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3000 }), { nil: undefined }),
    metadata: fc.option(
      fc.record(
        { actor: text, tenant: text, correlationId: text, causationId: text, traceparent: text },
        { requiredKeys: [] },
      ),
      { nil: undefined },
    ),
    writes: fc.array(
      fc.record({
        stream: text,
        partitionKey: fc.option(text, { nil: undefined }),
        events: fc.array(event, { minLength: 1, maxLength: 4 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    firstVersion: fc.nat(),
  })
  .map(({ firstVersion, ...one }) => ({
    ...one,
    versions: one.writes.map(({ events }, w) => firstVersion + w + events.length - 1),
  }))
const HEAD = { producerId: 2n ** 62n, epoch: 3, sequence: 77, timestamp: 1_700_000_000_123 }

function encode(appends: readonly EncodableAppend[], after = -1): Buffer {
  const encoder = new BatchEncoder('log-1')
  encoder.begin()
  for (const one of appends) encoder.add(one, after)
  return encoder.end(HEAD)
}

/** What each record of the appends must say. */
function expected(appends: readonly EncodableAppend[], after: number) {
  const records = appends.flatMap(({ writes, ...one }) =>
    writes.flatMap((write, w) =>
      write.events.map((e, i) => {
        const last = w === writes.length - 1 && i === write.events.length - 1
        return {
          key: write.partitionKey ?? write.stream,
          value: e.data as string,
          headers: withoutUndefined({
            ce_specversion: '1.0',
            'content-type': 'application/json',
            ce_source: 'hindcast:log-1',
            ce_id: e.id,
            ce_type: e.type,
            ce_subject: write.stream,
            ce_time: new Date(one.time).toISOString(),
            ce_streamversion: String(one.versions[w]! - write.events.length + 1 + i),
            ce_schemaversion: String(e.schemaVersion),
            ce_commandid: one.commandId,
            ce_actor: one.metadata?.actor,
            ce_tenant: one.metadata?.tenant,
            ce_correlationid: one.metadata?.correlationId,
            ce_causationid: one.metadata?.causationId,
            ce_traceparent: one.metadata?.traceparent,
            ce_command: last ? one.command : undefined,
            ce_result: last ? one.result : undefined,
          }),
        }
      }),
    ),
  )
  return records.map((record, i) =>
    i === 0 ? { ...record, headers: { ...record.headers, ce_after: String(after) } } : record,
  )
}

function withoutUndefined(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([k, v]) => (v === undefined ? [] : [[k, v]])))
}

describe('a record batch', () => {
  it('is read by kafkajs as it was written, for any appends', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(append, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: -1 }),
        async (appends, after) => {
          const batch = await kafkajsBatch(new KafkajsDecoder(encode(appends, after)))
          expect(
            batch.records.map(({ key, value, headers }) => ({
              key: key.toString(),
              value: value.toString(),
              headers: Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, v.toString()])),
            })),
          ).toEqual(expected(appends, after))
          expect(batch).toMatchObject({
            producerId: String(2n ** 62n),
            producerEpoch: 3,
            firstSequence: 77,
            lastOffsetDelta: batch.records.length - 1,
          })
          expect(new Set(batch.records.map(record => record.timestamp))).toEqual(new Set(['1700000000123']))
        },
      ),
      { numRuns: 100 },
    )
  })

  it('has the checksum that kafkajs gives it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), bytes => {
        expect(crc32c(bytes)).toBe(kafkajsCrc(Buffer.from(bytes)))
      }),
    )
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283)
  })

  it('is read by us as it was written, for any appends', () => {
    fc.assert(
      fc.property(
        fc.array(append, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: -1 }),
        (appends, after) => {
          const bytes = encode(appends, after)
          bytes.writeBigInt64BE(5000n, BATCH.baseOffset)
          const [batch] = splitBatches(4, bytes)
          batch!.checkCrc()
          const records = batch!.records()
          const due = expected(appends, after)
          expect([batch!.baseOffset, batch!.lastOffset, batch!.sequence, batch!.epoch]).toEqual([
            5000,
            5000 + due.length - 1,
            77,
            3,
          ])
          expect(
            records.map((r, i) => [
              r.key,
              r.data,
              r.id,
              r.type,
              r.stream,
              r.version,
              r.schemaVersion,
              r.commandId,
              r.time,
              r.place,
              i,
            ]),
          ).toEqual(
            due.map(({ key, value, headers }, i) => [
              key,
              value,
              headers['ce_id'],
              headers['ce_type'],
              headers['ce_subject'],
              Number(headers['ce_streamversion']),
              Number(headers['ce_schemaversion']),
              headers['ce_commandid'],
              Date.parse(headers['ce_time']!),
              5000 + i,
              i,
            ]),
          )
          expect(
            records.map(r => [r.header('after'), r.header('command'), r.header('result'), r.metadata.actor]),
          ).toEqual(
            due.map(({ headers: h }) => [h['ce_after'], h['ce_command'], h['ce_result'], h['ce_actor']]),
          )
          expect(records.every(r => r.isEvent)).toBe(true)
        },
      ),
      { numRuns: 100 },
    )
  })

  it('reads what kafkajs wrote, with headers in any order, strange ones among them', async () => {
    const headers = { other: 'x', ce_type: 't', ce_xxxx: 'y', ce_id: 'i', ce_idd: 'z' }
    const { buffer } = await kafkajsEncode({
      records: [
        kafkajsRecord({ offsetDelta: 0, timestampDelta: 0, key: 'k', value: Buffer.from('v'), headers }),
        kafkajsRecord({ offsetDelta: 1, timestampDelta: 5, key: null, value: null, headers: {} }),
      ],
      lastOffsetDelta: 1,
    })
    const [batch] = splitBatches(0, buffer)
    batch!.checkCrc()
    const [first, second] = batch!.records()
    expect([first!.key, first!.data, first!.type, first!.id, first!.isEvent]).toEqual([
      'k',
      'v',
      't',
      'i',
      false,
    ])
    expect([second!.hasValue, second!.key, second!.isEvent]).toEqual([false, '', false])
  })

  it('leaves out a batch that was cut off, and finds a damaged one', () => {
    const one = encode([example])
    const two = Buffer.concat([one, one])
    expect(splitBatches(0, two)).toHaveLength(2)
    expect(splitBatches(0, two.subarray(0, two.length - 1))).toHaveLength(1)
    two[BATCH.records + 20]! ^= 1
    expect(() => splitBatches(0, two)[0]!.checkCrc()).toThrow('CRC-32C')
  })

  it.each([-1, 1_000_000, 2 ** 31 - 1])('that says that it has %d records is damaged', count => {
    const bytes = Buffer.from(encode([example]))
    bytes.writeInt32BE(count, BATCH.count)
    expect(() => splitBatches(2, bytes)[0]!.records()).toThrow(`it cannot have ${count} records`)
  })

  it('is read when it is compressed with gzip, and names every other codec', () => {
    const plain = Buffer.from(encode([example]))
    const packed = Buffer.concat([plain.subarray(0, BATCH.records), gzipSync(plain.subarray(BATCH.records))])
    packed.writeInt32BE(packed.length - 12, BATCH.length)
    const withCodec = (codec: number) => {
      packed.writeInt16BE(codec, BATCH.attributes)
      return splitBatches(2, packed)[0]!
    }
    expect(
      withCodec(1)
        .records()
        .map(r => r.data),
    ).toEqual(['{"a":1}'])
    for (const [codec, name] of [
      [2, 'snappy'],
      [3, 'lz4'],
      [4, 'zstd'],
    ] as const)
      expect(() => withCodec(codec).records()).toThrow(name)
  })
})

const example: EncodableAppend = {
  time: 0,
  commandId: 'c',
  writes: [
    {
      stream: 'account-1',
      events: [{ id: 'e', type: 't', schemaVersion: 1, data: '{"a":1}' }],
    },
  ],
  versions: [0],
}
