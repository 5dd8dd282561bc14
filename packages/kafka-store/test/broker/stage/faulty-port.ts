import {
  TransportError,
  type EndAnswer,
  type FetchAnswer,
  type FetchLimits,
  type FetchPlace,
  type KafkaPort,
  type ProduceAnswer,
  type TopicMetadata,
} from '../../../src/protocol/port.js'

/** What happens to one produce. `send` hands the batch, or another one, to the broker. */
export type ProduceFault = (
  send: (batch?: Buffer) => Promise<ProduceAnswer>,
  batch: Buffer,
) => Promise<ProduceAnswer>

/** What happens to one fetch. */
export type FetchFault = (fetch: () => Promise<FetchAnswer[]>) => Promise<FetchAnswer[]>

/** Nothing goes wrong. */
const fine: ProduceFault = send => send()

/** A port in front of the real one, on which things go wrong as told. */
export class FaultyPort implements KafkaPort {
  /** The bytes of every produce, in order. */
  readonly sent: Buffer[] = []
  /** Where each fetch began, in order. */
  readonly fetchedFrom: number[] = []
  /** What happens to produces that have no fault of their own. */
  otherwise: ProduceFault = fine
  onFetch: FetchFault = fetch => fetch()
  onEnd: (end: () => Promise<EndAnswer>) => Promise<EndAnswer> = end => end()
  onRefresh: (refresh: () => Promise<TopicMetadata>) => Promise<TopicMetadata> = refresh => refresh()
  private faults: ProduceFault[] = []

  constructor(private readonly real: KafkaPort) {}

  get topic(): string {
    return this.real.topic
  }

  get metadata(): TopicMetadata {
    return this.real.metadata
  }

  /** How many fetches there were. */
  get fetches(): number {
    return this.fetchedFrom.length
  }

  /** The next produces fail like this, one after the other. */
  next(...faults: ProduceFault[]): void {
    this.faults.push(...faults)
  }

  refresh(): Promise<TopicMetadata> {
    return this.onRefresh(() => this.real.refresh())
  }

  produce(partition: number, batch: Buffer, timeoutMs: number): Promise<ProduceAnswer> {
    this.sent.push(Buffer.from(batch))
    const fault = this.faults.shift() ?? this.otherwise
    return fault((other = batch) => this.real.produce(partition, other, timeoutMs), batch)
  }

  fetch(node: number, places: readonly FetchPlace[], limits: FetchLimits): Promise<FetchAnswer[]> {
    this.fetchedFrom.push(...places.map(({ offset }) => offset))
    return this.onFetch(() => this.real.fetch(node, places, limits))
  }

  end(partition: number): Promise<EndAnswer> {
    return this.onEnd(() => this.real.end(partition))
  }

  close(): void {
    this.real.close()
  }
}

/** The broker stores the batch, and its answer is lost. */
export const answerLost: ProduceFault = async send => {
  await send()
  throw new TransportError('the answer was lost', true)
}

/** The request is lost; the sender cannot know. */
export const requestLost: ProduceFault = async () => {
  throw new TransportError('the request was lost', true)
}

/** There is no connection: certainly nothing was sent. */
export const noConnection: ProduceFault = async () => {
  throw new TransportError('there is no connection', false)
}

/** The broker says that, and stores nothing. */
export function answers(errorCode: number): ProduceFault {
  return async () => ({ errorCode, baseOffset: -1, logAppendTime: -1 })
}

/** The broker stores the batch, and says that. */
export function storesButAnswers(errorCode: number): ProduceFault {
  return async send => {
    await send()
    return { errorCode, baseOffset: -1, logAppendTime: -1 }
  }
}

/** A broker that does not mark duplicates. */
export const unmarked: ProduceFault = async send => ({ ...(await send()), logAppendTime: -1 })
