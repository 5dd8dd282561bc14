import { setTimeout as sleep } from 'node:timers/promises'
import type { Database, Line } from '../driver/database.js'
import { arrayText } from '../value/array-text.js'
import type { Movement } from './movement.js'

const CHANNEL = 'hindcast_moved'
/** Nobody needs to wait for the disk here: news that a crash takes away is found by looking. */
const TELL = `select set_config('synchronous_commit', 'off', true), pg_notify('${CHANNEL}', news) from unnest($1::text[]) news`

/** What follows within this time travels together: each telling is a transaction, and readers of this process need none. */
const TELL_EVERY_MS = 5

/**
 * Brings the news that checkpoints have moved from process to process.
 *
 * It is told after the commit and by itself, several places at once: NOTIFY inside of the transactions would make their
 * commits wait for each other. What gets lost on the way, readers find by looking.
 */
export class News implements AsyncDisposable {
  readonly #database: Database
  readonly #movement: Movement
  readonly #untold = new Map<string, bigint>()
  #telling: Promise<void> | undefined
  #listening: Promise<Line | undefined> | undefined
  #closed = false

  constructor(database: Database, movement: Movement) {
    this.#database = database
    this.#movement = movement
  }

  /** A checkpoint of this process has moved to an offset. */
  tell(place: string, next: bigint): void {
    this.#movement.ring(place, next)
    if (!this.#database.shared || this.#closed) return
    this.#untold.set(place, next)
    this.#telling ??= this.#tellAll()
  }

  /** From now on, also the checkpoints that other processes move ring; does not wait for that. */
  listen(): void {
    if (this.#database.shared && !this.#closed) this.#listening ??= this.#open()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    await this.#telling
    const line = await this.#listening
    await line?.[Symbol.asyncDispose]()
  }

  async #tellAll(): Promise<void> {
    while (this.#untold.size > 0) {
      const news = [...this.#untold].map(([place, next]) => `${place}/${next}`)
      this.#untold.clear()
      try {
        await this.#database.session(session => session.query(TELL, [arrayText(news)], 'keep'))
      } catch {
        // Readers look by themselves.
      }
      await sleep(TELL_EVERY_MS)
    }
    this.#telling = undefined // in one go with finding nothing: what is told from here on begins anew
  }

  /** Undefined where nobody can listen: the next reader tries again, and until then readers look by themselves. */
  async #open(): Promise<Line | undefined> {
    let line: Line | undefined
    try {
      line = await this.#database.line()
      line.onNotification((_, news) => {
        // Anybody may notify on the channel.
        const [, place, next] = /^(.+)\/(\d+)$/.exec(news) ?? []
        if (place !== undefined) this.#movement.ring(place, BigInt(next!))
      })
      await line.query(`listen ${CHANNEL}`)
      line.lost.addEventListener('abort', () => (this.#listening = undefined))
      line.lost.throwIfAborted()
      return line
    } catch {
      await line?.[Symbol.asyncDispose]()
      this.#listening = undefined
      return undefined
    }
  }
}
