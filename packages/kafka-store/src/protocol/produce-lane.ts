import { TransportError, type ProduceAnswer } from './port.js'
import type { PartitionAnswer, PartitionBatch } from './requests.js'

/** A broker answers the requests of a connection one after the other; a second one is there when it has done the first. */
const UNDER_WAY = 2
/**
 * Batches share a request of so many bytes, some fifty events. Beyond, a request costs little beside what is in it, and of two
 * requests the broker writes one while this process makes the other.
 */
const SHARED_BYTES = 32_768

/** Sends one request with batches for several partitions. @throws TransportError */
type Send = (batches: readonly PartitionBatch[], timeoutMs: number) => Promise<readonly PartitionAnswer[]>

interface Waiting extends PartitionBatch {
  readonly timeoutMs: number
  readonly resolve: (answer: ProduceAnswer) => void
  readonly reject: (error: Error) => void
}

/**
 * The appends to one broker. Batches that are given in the same turn of the event loop, or while requests are under way, share
 * the next request, each partition once: a request costs both sides more than a batch of a few events, and its broker begins
 * with the next one only when all replicas have it.
 *
 * @see docs/adr/0015-batches-share-a-produce-request.md
 */
export class ProduceLane {
  private waiting: Waiting[] = []
  private underWay = 0
  private due = false

  constructor(private readonly send: Send) {}

  /** Sends a batch with the next request. @throws TransportError */
  add(batch: PartitionBatch, timeoutMs: number): Promise<ProduceAnswer> {
    return new Promise((resolve, reject) => {
      const { partition, bytes } = batch
      this.waiting.push({ partition, bytes, timeoutMs, resolve, reject })
      this.schedule()
    })
  }

  private schedule(): void {
    if (this.due || this.waiting.length === 0 || this.underWay >= UNDER_WAY) return
    this.due = true
    setImmediate(() => {
      this.due = false
      void this.request(this.take())
      this.schedule()
    })
  }

  private take(): Waiting[] {
    const taken: Waiting[] = []
    const later: Waiting[] = []
    const partitions = new Set<number>()
    let bytes = 0
    for (const batch of this.waiting) {
      const fits = taken.length === 0 || bytes + batch.bytes.length <= SHARED_BYTES
      if (fits && !partitions.has(batch.partition)) {
        taken.push(batch)
        partitions.add(batch.partition)
        bytes += batch.bytes.length
      } else later.push(batch)
    }
    this.waiting = later
    return taken
  }

  private async request(batches: readonly Waiting[]): Promise<void> {
    this.underWay++
    try {
      const answers = await this.send(batches, Math.max(...batches.map(({ timeoutMs }) => timeoutMs)))
      for (const { partition, resolve, reject } of batches) {
        const answer = answers.find(found => found.partition === partition)
        if (answer) resolve(answer)
        else reject(new TransportError(`the broker answered nothing about partition ${partition}`, true))
      }
    } catch (error) {
      for (const { reject } of batches) reject(error as Error)
      this.refuseWaiting(error as Error)
    } finally {
      this.underWay--
      this.schedule()
    }
  }

  /** With a request its connection is lost, and the broker perhaps no leader any more: what waits is to be sent anew. */
  private refuseWaiting(cause: Error): void {
    const { waiting } = this
    this.waiting = []
    for (const { reject } of waiting) reject(new TransportError(cause.message, false, { cause }))
  }
}
