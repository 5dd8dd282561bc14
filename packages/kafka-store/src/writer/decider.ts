import {
  conflictOf,
  LIMITS,
  PartitionKeyChangedError,
  repeatedAppend,
  type AppendResult,
  type Conflict,
} from '@hindcast/core'
import type { Head } from '../index/placed-append.js'
import type { LogIndex } from '../index/log-index.js'
import { LAST_SEQUENCE } from '../validity/reserved-producer.js'
import { DecidedAppend, type DecidedWrite } from './decided-append.js'
import type { PendingAppend } from './pending-append.js'

/** What becomes of an append now. */
export type Decision =
  | { readonly kind: 'accepted'; readonly append: DecidedAppend }
  /** An answer that stays right whatever happens to the batch. */
  | { readonly kind: 'answer'; readonly result: AppendResult }
  /** A conflict with what is applied: right if that was the end of the log at some moment since the call. */
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  /** It hangs on appends that are in the batch already: decided again when their fate is known. */
  | { readonly kind: 'later' }
  /** The batch is full. */
  | { readonly kind: 'full' }

/** Names and framing that a record has beyond what an append's size counts. */
const HEADER_BYTES = 320

/** Decides appends one after the other, each on top of those accepted before it, for one batch. */
export class Decider {
  /** How many events were accepted. */
  events = 0
  private bytes = 0
  private time: number
  private readonly heads = new Map<string, Head>()
  private readonly commands = new Set<string>()
  /** Where the streams of the append at hand stand. */
  private readonly found: (Head | undefined)[] = []

  /**
   * @param sequence - of the batch's first record
   * @param maxBytes - of the batch, which a single append may exceed
   */
  constructor(
    private readonly index: LogIndex,
    private readonly partition: number,
    private readonly sequence: number,
    private readonly maxBytes: number,
  ) {
    this.time = index.time(partition)
  }

  /** @throws CommandIdReusedError, PartitionKeyChangedError: the append is refused. */
  decide(pending: PendingAppend): Decision {
    const { writes, options } = pending
    const known = this.index.command(this.partition, options.commandId)
    if (known) return { kind: 'answer', result: repeatedAppend(known, writes, options) }
    if (this.commands.has(options.commandId)) return { kind: 'later' }
    this.found.length = 0
    for (const { stream } of writes) {
      const head = this.heads.get(stream) ?? this.index.head(stream)
      if (head && head.partition !== this.partition)
        throw new PartitionKeyChangedError(stream, head.partition, this.partition)
      this.found.push(head)
    }
    for (let i = 0; i < writes.length; i++) {
      const conflict = conflictOf(writes[i]!, this.found[i])
      if (!conflict) continue
      return writes.some(({ stream }) => this.heads.has(stream))
        ? { kind: 'later' }
        : { kind: 'conflict', conflict }
    }
    if (!this.fits(pending)) return { kind: 'full' }
    return { kind: 'accepted', append: this.accept(pending) }
  }

  /** A batch ends where the sequence numbers do, unless a single append crosses: Redpanda refuses one that does. */
  private fits({ events, bytes }: PendingAppend): boolean {
    if (this.events === 0) return true
    const total = this.events + events
    return (
      total <= LIMITS.maxAppendEvents &&
      this.bytes + bytes + events * HEADER_BYTES <= this.maxBytes &&
      this.sequence + total - 1 <= LAST_SEQUENCE
    )
  }

  private accept(pending: PendingAppend): DecidedAppend {
    const { writes } = pending
    const { partition } = this
    const placed: DecidedWrite[] = []
    for (let i = 0; i < writes.length; i++) {
      const { stream, partitionKey, events } = writes[i]!
      const firstVersion = (this.found[i]?.version ?? -1) + 1
      const count = events.length
      const version = firstVersion + count - 1
      const { id } = events[count - 1]!
      const write = { stream, partitionKey, firstVersion, events, partition, count, version, id }
      placed.push(write)
      this.heads.set(stream, write)
    }
    this.time = Math.max(this.time, pending.time)
    this.commands.add(pending.options.commandId)
    this.events += pending.events
    this.bytes += pending.bytes + pending.events * HEADER_BYTES
    return new DecidedAppend(pending, this.partition, this.time, placed)
  }
}
