import { Mailbox } from './mailbox.js'

/** The mailboxes of a process, the least recently used idle ones dropped beyond a number. */
export class Mailboxes {
  readonly #byStream = new Map<string, Mailbox>()
  readonly #capacity: number

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#byStream.size
  }

  /** The mailbox of a stream, held until {@link release}. */
  hold(stream: string): Mailbox {
    let mailbox = this.#byStream.get(stream)
    if (mailbox) this.#byStream.delete(stream)
    else {
      mailbox = new Mailbox()
      this.#evict()
    }
    this.#byStream.set(stream, mailbox)
    mailbox.users++
    return mailbox
  }

  release(stream: string, mailbox: Mailbox): void {
    mailbox.users--
    if (mailbox.users === 0 && (mailbox.root === undefined || this.#byStream.size > this.#capacity))
      this.#byStream.delete(stream)
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
