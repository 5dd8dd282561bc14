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

/** The one batch of a Produce request (v7) of the store. */
export interface ProduceBody {
  readonly partition: number
  /** Where the batch begins in the frame; it goes to the frame's end. */
  readonly batchAt: number
}

/** Reads where the batch of a Produce request lies. */
export function readProduce(frame: Buffer, bodyAt: number): ProduceBody {
  const topicsAt = bodyAt + 2 + 2 + 4
  const topicLength = frame.readInt16BE(topicsAt + 4)
  const partitionAt = topicsAt + 4 + 2 + topicLength + 4
  return { partition: frame.readInt32BE(partitionAt), batchAt: partitionAt + 8 }
}

/** The answer to a Produce request with one batch (v7): where its fields lie. */
export function readProduced(frame: Buffer): {
  readonly errorCode: number
  readonly logAppendTimeAt: number
  readonly isMarked: boolean
} {
  const codeAt = 12 + 2 + frame.readInt16BE(12) + 4 + 4
  const logAppendTimeAt = codeAt + 2 + 8
  return {
    errorCode: frame.readInt16BE(codeAt),
    logAppendTimeAt,
    isMarked: frame.readBigInt64BE(logAppendTimeAt) !== -1n,
  }
}
