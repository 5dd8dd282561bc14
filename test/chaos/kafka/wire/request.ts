/** The requests that matter here, by their number in Kafka's protocol. */
export const API = { produce: 0, fetch: 1, listOffsets: 2, metadata: 3 } as const

/** The head of a request. */
export interface RequestHead {
  readonly apiKey: number
  readonly correlation: number
  readonly clientId: string
  /** Where its body begins in the frame. */
  readonly bodyAt: number
}

/** Reads the head of a request (header v1). */
export function readHead(frame: Buffer): RequestHead {
  const length = Math.max(frame.readInt16BE(12), 0)
  return {
    apiKey: frame.readInt16BE(4),
    correlation: frame.readInt32BE(8),
    clientId: frame.toString('utf8', 14, 14 + length),
    bodyAt: 14 + length,
  }
}

/** A batch of a Produce request (v7). */
export interface SentBatch {
  readonly partition: number
  readonly batch: Buffer
}

/** The batches of a Produce request to one topic, as the store sends them. */
export function readProduce(frame: Buffer, bodyAt: number): SentBatch[] {
  const topicAt = bodyAt + 2 + 2 + 4 + 4
  const countAt = topicAt + 2 + frame.readInt16BE(topicAt)
  const batches: SentBatch[] = []
  for (let at = countAt + 4; batches.length < frame.readInt32BE(countAt);) {
    const start = at + 8
    const end = start + frame.readInt32BE(at + 4)
    batches.push({ partition: frame.readInt32BE(at), batch: frame.subarray(start, end) })
    at = end
  }
  return batches
}

/** The Produce request with another batch alone. @param bodyAt - where the body of `frame` begins */
export function withBatch(frame: Buffer, bodyAt: number, { partition, batch }: SentBatch): Buffer {
  const topicAt = bodyAt + 2 + 2 + 4 + 4
  const countAt = topicAt + 2 + frame.readInt16BE(topicAt)
  const tail = Buffer.alloc(12)
  tail.writeInt32BE(1, 0)
  tail.writeInt32BE(partition, 4)
  tail.writeInt32BE(batch.length, 8)
  const alone = Buffer.concat([frame.subarray(0, countAt), tail, batch])
  alone.writeInt32BE(alone.length - 4, 0)
  return alone
}

/** The answer to a batch of a Produce request (v7). */
export interface AnsweredBatch {
  readonly partition: number
  readonly errorCode: number
  readonly isMarked: boolean
  /** Where the mark lies in the frame. */
  readonly logAppendTimeAt: number
}

const ANSWER_BYTES = 4 + 2 + 8 + 8 + 8

/** The answers to the batches of a Produce request to one topic. */
export function readProduced(frame: Buffer): AnsweredBatch[] {
  const countAt = 12 + 2 + frame.readInt16BE(12)
  return Array.from({ length: frame.readInt32BE(countAt) }, (_, i) => {
    const at = countAt + 4 + i * ANSWER_BYTES
    const logAppendTimeAt = at + 4 + 2 + 8
    return {
      partition: frame.readInt32BE(at),
      errorCode: frame.readInt16BE(at + 4),
      isMarked: frame.readBigInt64BE(logAppendTimeAt) !== -1n,
      logAppendTimeAt,
    }
  })
}
