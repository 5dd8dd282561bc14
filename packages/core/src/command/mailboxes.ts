import type { LoadedAggregate } from '../aggregate/emission.js'
import type { AggregateDefinition } from '../aggregate/definition.js'
import { StreamPlace } from '../store/placed-write.js'
import { streamId } from '../store/stream-id.js'
import { Chain } from './chain.js'
import { Mailbox } from './mailbox.js'

/**
 * The mailboxes of a process, the least recently used idle ones dropped beyond a number. While there are less than half as
 * many, use is not noted.
 */
export class Mailboxes {
  /** By aggregate and key, so that finding one makes no stream id. */
  readonly #byAggregate = new Map<AggregateDefinition, Map<string, Mailbox>>()
  readonly #byUse = new Chain<Mailbox>()
  readonly #capacity: number
  #size = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** Where the stream of an aggregate lies. @throws StreamIdError */
  placeOf(aggregate: AggregateDefinition, key: string): StreamPlace {
    const known = this.#byAggregate.get(aggregate)?.get(key)
    if (known) return known.place
    const { category, partitionBy } = aggregate
    const stream = streamId(category, key)
    return new StreamPlace(stream, partitionBy ? partitionBy(key) : stream)
  }

  /** The mailbox of a stream, held until {@link release}. */
  hold(aggregate: AggregateDefinition, key: string, place: StreamPlace): Mailbox {
    const known = this.#byAggregate.get(aggregate)?.get(key)
    if (!known) return this.#add(new Mailbox(aggregate, key, place))
    known.users++
    if (this.#size * 2 > this.#capacity) {
      this.#byUse.remove(known)
      this.#byUse.add(known)
    }
    return known
  }

  /**
   * The states in memory that no command holds.
   *
   * @yields each of them
   */
  *roots(): Generator<LoadedAggregate> {
    for (const { root, users } of this.#byUse) if (root && users === 0) yield root
  }

  release(mailbox: Mailbox): void {
    mailbox.users--
    if (mailbox.users === 0 && (mailbox.root === undefined || this.#size > this.#capacity))
      this.#drop(mailbox)
  }

  #add(mailbox: Mailbox): Mailbox {
    if (this.#size >= this.#capacity) this.#evict()
    const { aggregate, key } = mailbox
    let byKey = this.#byAggregate.get(aggregate)
    if (!byKey) this.#byAggregate.set(aggregate, (byKey = new Map()))
    byKey.set(key, mailbox)
    this.#byUse.add(mailbox)
    this.#size++
    mailbox.users++
    return mailbox
  }

  #evict(): void {
    for (const mailbox of this.#byUse) if (mailbox.users === 0) return this.#drop(mailbox)
  }

  #drop(mailbox: Mailbox): void {
    this.#byAggregate.get(mailbox.aggregate)!.delete(mailbox.key)
    this.#byUse.remove(mailbox)
    this.#size--
  }
}
