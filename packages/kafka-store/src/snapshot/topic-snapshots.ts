import type { Snapshot, SnapshotStore } from '@hindcast/core'
import type { KafkaPort } from '../protocol/port.js'
import { encodeSnapshotBatch, snapshotPartition } from './snapshot-record.js'
import type { SnapshotReport } from './snapshot-report.js'

/** So many sends are under way at a time; what comes meanwhile waits, of each stream the newest. */
const MAX_SENDING = 8
/** With so many characters of states waiting, further ones are left out of the topic. */
const MAX_WAITING_LENGTH = 16_777_216
/** So long a store that closes waits for what is on its way. */
const CLOSING_MS = 1000

/** The snapshots of the index, which are also sent to a compacted topic for other machines. Nobody waits for the sending. */
export class TopicSnapshots implements SnapshotStore {
  private readonly waiting = new Map<string, Snapshot>()
  private waitingLength = 0
  private sending = 0
  private closed = false

  constructor(
    private readonly local: SnapshotStore,
    private readonly logId: string,
    private readonly port: KafkaPort,
    private readonly report: SnapshotReport,
    private readonly timeoutMs: number,
  ) {}

  load(stream: string, fingerprint: string): Promise<Snapshot | undefined> {
    return this.local.load(stream, fingerprint)
  }

  fingerprints(stream: string): Promise<readonly string[]> {
    return this.local.fingerprints(stream)
  }

  async save(snapshot: Snapshot): Promise<void> {
    await this.local.save(snapshot)
    if (!this.closed) this.add(snapshot)
  }

  /** Gives what is on its way a moment, and closes the snapshots of the index. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.local[Symbol.asyncDispose]()
    const until = performance.now() + CLOSING_MS
    while (this.sending > 0 && performance.now() < until) await new Promise(resolve => setTimeout(resolve, 5))
    this.closed = true
  }

  private add(snapshot: Snapshot): void {
    const key = `${snapshot.fingerprint} ${snapshot.stream}`
    this.remove(key)
    if (this.waitingLength + snapshot.state.length > MAX_WAITING_LENGTH) {
      this.report.add('not-written', `${this.waiting.size} snapshots wait for the brokers already`)
      return
    }
    this.waiting.set(key, snapshot)
    this.waitingLength += snapshot.state.length
    if (this.sending < MAX_SENDING) void this.send()
  }

  private async send(): Promise<void> {
    this.sending++
    for (const [key, snapshot] of this.waiting) {
      this.remove(key)
      const reason = await this.produce(snapshot)
      if (reason !== undefined && !this.closed) this.report.add('not-written', reason)
    }
    this.sending--
  }

  /** Tries twice: leaders move. @returns why it was not written */
  private async produce(snapshot: Snapshot): Promise<string | undefined> {
    const { port, logId, timeoutMs } = this
    let reason: string | undefined
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        const { length } = port.metadata.leaders
        if (length === 0) throw new Error('the brokers do not know it')
        const partition = snapshotPartition(snapshot.stream, length)
        const batch = encodeSnapshotBatch(logId, snapshot, Date.now())
        const { errorCode } = await port.produce(partition, batch, timeoutMs)
        if (errorCode === 0) return undefined
        reason = `a broker answered with error ${errorCode}`
      } catch (error) {
        reason = (error as Error).message
      }
      await port.refresh().catch(() => undefined)
    }
    return reason
  }

  private remove(key: string): void {
    const snapshot = this.waiting.get(key)
    if (!snapshot) return
    this.waiting.delete(key)
    this.waitingLength -= snapshot.state.length
  }
}
