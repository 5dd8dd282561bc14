import type { EndAnswer, FetchAnswer, FetchLimits, FetchPlace, ProduceAnswer } from './port.js'
import { WireWriter, type WireReader } from './wire.js'

/** A request to a broker, and how its answer is read. */
export interface WireRequest<T> {
  readonly apiKey: number
  readonly apiVersion: number
  readonly apiName: string
  /** In pieces that follow each other; they stay as they are until there is an answer. */
  readonly body: readonly Buffer[]
  readonly read: (answer: WireReader) => T
}

const ALL_REPLICAS = -1
/** The replica id of a client. */
const CLIENT = -1
const READ_UNCOMMITTED = 0
const LATEST = -1
const UNKNOWN = -1

/** A record batch and where it goes. */
export interface PartitionBatch {
  readonly partition: number
  readonly bytes: Buffer
}

/** What a broker answers to a batch. */
export interface PartitionAnswer extends ProduceAnswer {
  readonly partition: number
}

/** Produce v7: a batch to each of some partitions. kafkajs throws on the first partition that fails and hides the rest. */
export function produceRequest(
  topic: string,
  batches: readonly PartitionBatch[],
  timeoutMs: number,
): WireRequest<readonly PartitionAnswer[]> {
  const writer = new WireWriter().string(null).int16(ALL_REPLICAS).int32(timeoutMs)
  writer.int32(1).string(topic).int32(batches.length)
  for (const { partition, bytes } of batches) writer.int32(partition).bytes(bytes)
  return { apiKey: 0, apiVersion: 7, apiName: 'Produce', body: writer.end(), read: readProduce }
}

function readProduce(answer: WireReader): readonly PartitionAnswer[] {
  const produced = first(
    answer.array(() => {
      answer.string()
      return answer.array(() => {
        const partition = answer.int32()
        const errorCode = answer.int16()
        const baseOffset = answer.int64()
        const logAppendTime = answer.int64()
        answer.int64()
        return { partition, errorCode, baseOffset, logAppendTime }
      })
    }),
  )
  answer.throttleMs = answer.int32()
  return produced
}

/** Fetch v11, without a session and without a rack: from the leader, at isolation level 0. */
export function fetchRequest(
  topic: string,
  places: readonly FetchPlace[],
  limits: FetchLimits,
): WireRequest<FetchAnswer[]> {
  const writer = new WireWriter().int32(CLIENT).int32(limits.maxWaitMs).int32(1).int32(limits.maxBytes)
  writer.int8(READ_UNCOMMITTED).int32(0).int32(-1)
  writer.int32(1).string(topic).int32(places.length)
  for (const { partition, offset } of places)
    writer.int32(partition).int32(UNKNOWN).int64(offset).int64(UNKNOWN).int32(limits.partitionBytes)
  return {
    apiKey: 1,
    apiVersion: 11,
    apiName: 'Fetch',
    body: writer.int32(0).string('').end(),
    read: readFetch,
  }
}

function readFetch(answer: WireReader): FetchAnswer[] {
  answer.throttleMs = answer.int32()
  answer.int16()
  answer.int32()
  return answer
    .array(() => {
      answer.string()
      return answer.array(() => {
        const partition = answer.int32()
        const errorCode = answer.int16()
        const highWatermark = answer.int64()
        answer.int64()
        const logStartOffset = answer.int64()
        answer.array(() => answer.int64() + answer.int64())
        answer.int32()
        return { partition, errorCode, highWatermark, logStartOffset, records: answer.bytes() }
      })
    })
    .flat()
}

/** ListOffsets v3 for the end of a partition, at isolation level 0: not the last stable offset. */
export function endRequest(topic: string, partition: number): WireRequest<EndAnswer> {
  const writer = new WireWriter().int32(CLIENT).int8(READ_UNCOMMITTED)
  const body = writer.int32(1).string(topic).int32(1).int32(partition).int64(LATEST).end()
  return { apiKey: 2, apiVersion: 3, apiName: 'ListOffsets', body, read: readEnd }
}

function readEnd(answer: WireReader): EndAnswer {
  answer.throttleMs = answer.int32()
  return first(
    answer.array(() => {
      answer.string()
      return first(
        answer.array(() => {
          answer.int32()
          const errorCode = answer.int16()
          answer.int64()
          return { errorCode, offset: answer.int64() }
        }),
      )
    }),
  )
}

/** What a broker says about the cluster and one topic. */
export interface ClusterAnswer {
  readonly brokers: readonly { readonly node: number; readonly host: string; readonly port: number }[]
  readonly errorCode: number
  readonly partitions: readonly {
    readonly partition: number
    readonly leader: number
    readonly replicas: number
  }[]
}

/** Metadata v6 of one topic, which is never created by asking. */
export function metadataRequest(topic: string): WireRequest<ClusterAnswer> {
  const body = new WireWriter().int32(1).string(topic).int8(0).end()
  return { apiKey: 3, apiVersion: 6, apiName: 'Metadata', body, read: readMetadata }
}

function readMetadata(answer: WireReader): ClusterAnswer {
  answer.throttleMs = answer.int32()
  const brokers = answer.array(() => {
    const node = answer.int32()
    const host = answer.string() ?? ''
    const port = answer.int32()
    answer.string()
    return { node, host, port }
  })
  answer.string()
  answer.int32()
  const topics = answer.array(() => {
    const errorCode = answer.int16()
    answer.string()
    answer.int8()
    return { errorCode, partitions: answer.array(() => readPartition(answer)) }
  })
  return { brokers, ...first(topics) }
}

function readPartition(answer: WireReader): ClusterAnswer['partitions'][number] {
  answer.int16()
  const partition = answer.int32()
  const leader = answer.int32()
  const replicas = answer.array(() => answer.int32()).length
  answer.array(() => answer.int32())
  answer.array(() => answer.int32())
  return { partition, leader, replicas }
}

function first<T>(values: readonly T[]): T {
  if (values.length === 0) throw new RangeError('the broker answered about nothing that was asked')
  return values[0]!
}
