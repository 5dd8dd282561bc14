/** The broker's answer to one record batch. */
export interface ProduceAnswer {
  /** 0, or one of Kafka's error codes. */
  readonly errorCode: number
  /** Where the batch, or the one that it duplicates, begins; -1 with an error. */
  readonly baseOffset: number
  /** -1 for a batch that was written now. Apache's broker gives a time when it recognised a duplicate. */
  readonly logAppendTime: number
}

/** What a fetch found in a partition. */
export interface FetchAnswer {
  readonly partition: number
  /** 0, or one of Kafka's error codes. */
  readonly errorCode: number
  /** The offset behind the last committed record, as the leader knows it. */
  readonly highWatermark: number
  /** The first offset that still exists. */
  readonly logStartOffset: number
  /** Whole record batches, the last one perhaps cut off. May begin with records in front of the offset that was asked for. */
  readonly records: Buffer
}

/** Where to fetch from. */
export interface FetchPlace {
  readonly partition: number
  readonly offset: number
}

/** How much to fetch, and how long to wait for it. */
export interface FetchLimits {
  /** The broker answers when there is anything, or after so long; 0 answers at once. */
  readonly maxWaitMs: number
  /** Of one partition; a larger batch comes whole nevertheless. */
  readonly partitionBytes: number
  /** Of the whole answer. */
  readonly maxBytes: number
}

/** Kafka's answer to where a partition ends. */
export interface EndAnswer {
  readonly errorCode: number
  /** The offset behind the last committed record; -1 with an error. */
  readonly offset: number
}

/** What the cluster says about the topic. */
export interface TopicMetadata {
  /** 0, or why there is no such topic for us. */
  readonly errorCode: number
  /** The leader of each partition, by number; -1 where there is none now. */
  readonly leaders: readonly number[]
  /** How many replicas partition 0 has. */
  readonly replicas: number
}

/**
 * All that this package wants of a Kafka client: one topic's partitions, bytes in and out. Another client can stand in by
 * implementing it. Every call goes to the partition's leader as last known; nothing is repeated here.
 *
 * @throws TransportError when there is no answer: it says whether the request may have reached a broker.
 */
export interface KafkaPort {
  /** The topic. */
  readonly topic: string
  /** The topic as last seen. */
  readonly metadata: TopicMetadata
  /** Asks the cluster for the topic again. */
  refresh(): Promise<TopicMetadata>
  /**
   * Writes one encoded batch with acks=all, in a request that it may share with batches to other partitions of the same leader.
   *
   * @param batch - stays as it is until there is an answer
   * @param timeoutMs - how long to wait for the answer
   */
  produce(partition: number, batch: Buffer, timeoutMs: number): Promise<ProduceAnswer>
  /** Reads committed records, also of open and aborted transactions, from partitions of ONE leader. */
  fetch(node: number, places: readonly FetchPlace[], limits: FetchLimits): Promise<FetchAnswer[]>
  /** Where the partition ends. */
  end(partition: number): Promise<EndAnswer>
  /** Closes all connections; what is under way fails. */
  close(): void
}

/** A request got no answer. */
export class TransportError extends Error {
  override readonly name = 'TransportError'
  constructor(
    message: string,
    /** False when the request certainly reached no broker. */
    readonly sent: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
