import { setTimeout as sleep } from 'node:timers/promises'
import type { Session } from '../driver/database.js'
import { RebuildLostError } from '../error/operation-errors.js'
import { leaveHold, renewHold, type Hold, type Leaving } from './hold.js'

const RENEW_EVERY_MS = 2_000

/** Runs statements on a session of the read models. */
export type InSession = <T>(operation: string, work: (session: Session) => Promise<T>) => Promise<T>

/** Keeps a hold until it is left. */
export class Lease {
  readonly hold: Hold
  readonly #inSession: InSession
  readonly #over = new AbortController()
  readonly #lost = new AbortController()
  readonly #renewing: Promise<void>

  constructor(hold: Hold, inSession: InSession) {
    this.hold = hold
    this.#inSession = inSession
    this.#renewing = this.#renew()
  }

  /** Aborted with a RebuildLostError when somebody else has taken over. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  /** Ends it; what a swap has ended already stays so. Where the database is away, the hold runs out by itself. */
  async leave(how: Leaving): Promise<void> {
    this.#over.abort()
    await this.#renewing
    await this.#inSession('ending a hold', session => leaveHold(session, this.hold, how)).catch(
      () => undefined,
    )
  }

  async #renew(): Promise<void> {
    const { signal } = this.#over
    while (!signal.aborted) {
      await sleep(RENEW_EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined)
      if (signal.aborted) return
      try {
        const mine = await this.#inSession('renewing a hold', session => renewHold(session, this.hold))
        if (!mine && !signal.aborted) return this.#lost.abort(new RebuildLostError(this.hold.schema))
      } catch {
        // The database is away: nobody can take over meanwhile, and each transaction proves the hold.
      }
    }
  }
}
