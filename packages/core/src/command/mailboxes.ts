import type { LoadedAggregate } from '../aggregate/emission.js'
import type { AggregateDefinition } from '../aggregate/definition.js'
import { StreamPlace } from '../store/placed-write.js'
import { streamId } from '../store/stream-id.js'
import { Mailbox } from './mailbox.js'

/**
 * The mailboxes of a process, the least recently used idle ones dropped beyond a number. While there are less than half as
 * many, use is not noted: moving an entry costs as much as the rest of finding it.
 */
export class Mailboxes {
  readonly #byStream = new Map<string, Mailbox>()
  readonly #capacity: number

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#byStream.size
  }

  /** Where the stream of an aggregate lies. @throws StreamIdError */
  placeOf({ category, partitionBy }: AggregateDefinition, key: string): StreamPlace {
    const known = typeof key === 'string' ? this.#byStream.get(`${category}-${key}`) : undefined
    if (known) return known.place
    const stream = streamId(category, key)
    return new StreamPlace(stream, partitionBy ? partitionBy(key) : stream)
  }

  /** The mailbox of a stream, held until {@link release}. */
  hold(place: StreamPlace): Mailbox {
    const { stream } = place
    const known = this.#byStream.get(stream)
    const mailbox = known ?? new Mailbox(place)
    mailbox.users++
    if (known && this.#byStream.size * 2 <= this.#capacity) return known
    if (known) this.#byStream.delete(stream)
    else this.#evict()
    this.#byStream.set(stream, mailbox)
    return mailbox
  }

  /**
   * The states in memory that no command holds.
   *
   * @yields each of them
   */
  *roots(): Generator<LoadedAggregate> {
    for (const { root, users } of this.#byStream.values()) if (root && users === 0) yield root
  }

  release(mailbox: Mailbox): void {
    mailbox.users--
    if (mailbox.users === 0 && (mailbox.root === undefined || this.#byStream.size > this.#capacity))
      this.#byStream.delete(mailbox.place.stream)
  }

  #evict(): void {
    if (this.#byStream.size < this.#capacity) return
    for (const [stream, mailbox] of this.#byStream) {
      if (mailbox.users > 0) continue
      this.#byStream.delete(stream)
      return
    }
  }
}
