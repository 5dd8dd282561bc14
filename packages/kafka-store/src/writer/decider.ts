import {
  conflictOf,
  LIMITS,
  PartitionKeyChangedError,
  repeatedAppend,
  type AppendResult,
  type Conflict,
} from '@hindcast/core'
import type { Head } from '../index/placed-append.js'
import type { IdHashes } from '../index/id-hashes.js'
import type { LogIndex } from '../index/log-index.js'
import { LAST_SEQUENCE } from '../validity/reserved-producer.js'
import type { PendingAppend } from './pending-append.js'

/** What becomes of an append now. */
export type Decision =
  /** It goes into the batch, with the versions that it was given. */
  | { readonly kind: 'accepted' }
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

/** Where a stream stands behind what the batch gives to it so far. */
class BatchHead implements Head {
  constructor(
    readonly partition: number,
    public version: number,
    public id: string,
  ) {}
}

/** Decides appends one after the other, each on top of those accepted before it, for one batch. */
export class Decider {
  /** How many events were accepted. */
  events = 0
  private bytes = 0
  private time: number
  private readonly heads = new Map<string, BatchHead>()
  /** Command ids that have no hash. */
  private readonly unhashed = new Set<string>()
  /** Where the streams of the append at hand stand. */
  private readonly found: (Head | undefined)[] = []

  /**
   * @param sequence - of the batch's first record
   * @param maxBytes - of the batch, which a single append may exceed
   * @param hashes - of its command ids; empty
   */
  constructor(
    private readonly index: LogIndex,
    private readonly partition: number,
    private readonly sequence: number,
    private readonly maxBytes: number,
    private readonly hashes: IdHashes,
  ) {
    this.time = index.time(partition)
  }

  /** Decides an append; one that is accepted learns its versions and its time. @throws CommandIdReusedError, PartitionKeyChangedError: the append is refused. */
  decide(pending: PendingAppend): Decision {
    const { writes, options, commandHash } = pending
    const known = this.index.command(this.partition, options.commandId, commandHash)
    if (known) return { kind: 'answer', result: repeatedAppend(known, writes, options) }
    // Another id may have its hash: then it waits for the next batch.
    if (commandHash === 0 ? this.unhashed.has(options.commandId) : this.hashes.has(commandHash)) return LATER
    this.found.length = 0
    for (let i = 0; i < writes.length; i++) this.found.push(this.head(writes[i]!.stream))
    for (let i = 0; i < writes.length; i++) {
      const conflict = conflictOf(writes[i]!, this.found[i])
      if (!conflict) continue
      return this.found.some(head => head instanceof BatchHead) ? LATER : { kind: 'conflict', conflict }
    }
    if (!this.fits(pending)) return FULL
    this.accept(pending)
    return ACCEPTED
  }

  private head(stream: string): Head | undefined {
    const head = this.heads.get(stream) ?? this.index.head(stream)
    if (head && head.partition !== this.partition)
      throw new PartitionKeyChangedError(stream, head.partition, this.partition)
    return head
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

  private accept(pending: PendingAppend): void {
    const { writes, options, commandHash } = pending
    const versions = [UNKNOWN]
    for (let i = 0; i < writes.length; i++) {
      const { stream, events } = writes[i]!
      const head = this.found[i]
      const version = (head?.version ?? -1) + events.length
      const { id } = events[events.length - 1]!
      versions[i] = version
      if (head instanceof BatchHead) {
        head.version = version
        head.id = id
      } else this.heads.set(stream, new BatchHead(this.partition, version, id))
    }
    this.time = Math.max(this.time, pending.time)
    pending.time = this.time
    pending.versions = versions
    if (commandHash === 0) this.unhashed.add(options.commandId)
    else this.hashes.add(commandHash)
    this.events += pending.events
    this.bytes += pending.bytes + pending.events * HEADER_BYTES
  }
}

/** A list of one, as most appends need it, grows no further; an empty one would grow by many at once. */
const UNKNOWN = -1

const ACCEPTED: Decision = { kind: 'accepted' }
const LATER: Decision = { kind: 'later' }
const FULL: Decision = { kind: 'full' }
