import { setTimeout as sleep } from 'node:timers/promises'
import { SwapBlockedError, SwapOutcomeUnknownError } from '../error/operation-errors.js'
import { ReadModelBusyError } from '../error/errors.js'
import type { OperationParts } from '../operations/parts.js'
import { hasHappened, swap, type Swap, type Swapped } from './swap.js'

const DEFAULT_TIMEOUT_MS = 60_000
/** Readers are left alone for that long between two attempts; it doubles up to ten times as much. */
const FIRST_PAUSE_MS = 200
/** When, within an attempt, whoever blocks it is looked for. */
const LOOK_AFTER_MS = 200

const BLOCKERS = `
select pid, usename, application_name, state, round(extract(epoch from clock_timestamp() - xact_start)::numeric, 1), left(regexp_replace(query, '\\s+', ' ', 'g'), 100)
from pg_stat_activity where pid = any(pg_blocking_pids($1))`

/** What an attempt came to. `'later'`: it has to be tried again, and nobody is to blame. */
type Attempt = Extract<Swapped, { readonly kind: 'swapped' }> | 'blocked' | 'later'

/** Tries to swap until readers let it. */
export class SwapAttempts {
  readonly #parts: OperationParts
  readonly #schema: string
  readonly #timeoutMs: number
  #blockers: readonly string[] = []
  #signal: AbortSignal | undefined

  constructor(parts: OperationParts, schema: string, timeoutMs: number = DEFAULT_TIMEOUT_MS) {
    this.#parts = parts
    this.#schema = schema
    this.#timeoutMs = timeoutMs
  }

  /** @throws SwapBlockedError; the signal's reason */
  async run(signal: AbortSignal, attempt: () => Promise<Attempt>): Promise<Extract<Attempt, object>> {
    this.#signal = signal
    let blockedSince: number | undefined
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, FIRST_PAUSE_MS * 10)) {
      signal.throwIfAborted()
      const result = await attempt()
      if (typeof result === 'object') return result
      if (result === 'blocked') {
        blockedSince ??= performance.now()
        if (performance.now() - blockedSince >= this.#timeoutMs)
          throw new SwapBlockedError(this.#schema, this.#timeoutMs, this.#blockers)
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
    }
  }

  /** One attempt. */
  async once(what: Omit<Swap, 'database'>): Promise<Attempt> {
    const { store, database } = this.#parts
    let looking: Promise<void> | undefined
    let timer: NodeJS.Timeout | undefined
    let committing: Extract<Attempt, object> | undefined
    try {
      return await store.inSession('a swap', async session => {
        timer = setTimeout(() => (looking = this.#look(session.pid)), LOOK_AFTER_MS)
        const swapped = await swap(session, { ...what, database: database.name })
        if (swapped.kind === 'behind') return 'later'
        committing = swapped
        await session.script('commit')
        return swapped
      })
    } catch (error) {
      if (committing && (await this.#hasHappened(what.active.projection, committing, error)))
        return committing
      if (error instanceof ReadModelBusyError) return 'blocked'
      throw error
    } finally {
      clearTimeout(timer)
      await looking
    }
  }

  /** @throws SwapOutcomeUnknownError when nobody says so in time */
  async #hasHappened(
    projection: string,
    { since }: Extract<Attempt, object>,
    why: unknown,
  ): Promise<boolean> {
    const deadline = performance.now() + this.#timeoutMs
    for (;;) {
      try {
        return await this.#parts.store.inSession('asking what became of a swap', session =>
          hasHappened(session, projection, since),
        )
      } catch {
        if (performance.now() >= deadline || this.#signal?.aborted)
          throw new SwapOutcomeUnknownError(projection, this.#schema, why)
      }
      await sleep(FIRST_PAUSE_MS, undefined, { signal: this.#signal }).catch(() => undefined)
    }
  }

  async #look(pid: string): Promise<void> {
    if (!this.#parts.database.shared) return
    try {
      const { rows } = await this.#parts.store.inSession('looking for who blocks', session =>
        session.query(BLOCKERS, [pid]),
      )
      if (rows.length > 0)
        this.#blockers = rows.map(
          ([blocker, user, name, state, age, query]) =>
            `process ${blocker} (${user}${name ? `, ${name}` : ''}) is ${state} for ${age} s: ${query}`,
        )
    } catch {
      // Whoever blocks is only named; that they are there is known anyhow.
    }
  }
}
