import type { DecodedEvent } from '../../catalog/event-catalog.js'
import type { ReadModelTx } from '../../read-model/read-model-store.js'
import { SqlUnsupportedError } from '../../read-model/errors.js'
import type { SqlHandlerDefinition, SqlProjectionDefinition } from '../definition/definition.js'
import { HindcastError } from '../../error/hindcast-error.js'
import type { FoldPlace } from './fold-errors.js'
import type { Folding, FoldWork } from './folding.js'
import { HandlerTx } from './handler-tx.js'
import { SqlHandlerError, SqlHandlerTimeoutError } from './sql-errors.js'
import type { SqlTx } from '../declare/sql.js'

type Handler = (event: object, meta: object, sql: SqlTx) => unknown

/** Runs the @Project methods of a batch one after the other, in the transaction of the checkpoint. */
export class SqlFolding implements Folding {
  readonly foldsByStreamKey = false
  /** Each takes a round trip or more: there is nothing to be won by larger transactions. */
  readonly mostEvents = 1_000
  readonly partEvents = 1_000
  readonly ahead = undefined
  readonly #projection: SqlProjectionDefinition

  constructor(projection: SqlProjectionDefinition) {
    this.#projection = projection
  }

  concerns(event: object): boolean {
    return this.#projection.handlers.has(Object.getPrototypeOf(event) as object)
  }

  keysOf(): undefined {
    return undefined
  }

  begin(): FoldWork {
    const { handlers, name } = this.#projection
    return {
      loadsFirst: () => [],
      fold: async (tx, events) => {
        const { sql } = tx
        if (!sql) throw new SqlUnsupportedError('every @Project method', name)
        let last: FoldPlace | undefined
        for (const [index, event] of events.entries()) {
          const handler = handlers.get(Object.getPrototypeOf(event.event) as object)
          if (handler) last = await this.#run(handler, event, new HandlerTx(sql), tx)
          // Within an append they may be broken for a while, as within a transaction of one's own.
          if (!last || events[index + 1]?.meta.commandId === event.meta.commandId) continue
          await checkAt(last, tx)
          last = undefined
        }
      },
      write: async () => undefined,
      committed: () => undefined,
    }
  }

  async #run(
    handler: SqlHandlerDefinition,
    { event, meta }: DecodedEvent,
    tx: HandlerTx,
    within: ReadModelTx,
  ): Promise<FoldPlace> {
    const { instance, name: projection, version, handlerTimeoutMs } = this.#projection
    const place: FoldPlace = { projection, version, method: handler.method, meta }
    const method = (instance as Record<string, Handler>)[handler.method]!
    try {
      await inTime(
        async () => {
          await method.call(instance, event, meta, tx)
          const failure = await tx.end()
          if (failure)
            throw new SqlHandlerError(place, 'went on after a statement failed with', failure.error)
        },
        handlerTimeoutMs,
        () => new SqlHandlerTimeoutError(place, handlerTimeoutMs),
      )
    } catch (error) {
      const outage = tx.outage ?? (error instanceof SqlHandlerTimeoutError && (await silenceOf(tx, within)))
      if (outage) throw outage
      if (error instanceof SqlHandlerError || error instanceof SqlHandlerTimeoutError) throw error
      throw new SqlHandlerError(place, 'threw', error)
    } finally {
      tx.close()
    }
    return place
  }
}

/** The method's time is over: why that is no fault of it, where the statement it waits for gets no answer for another reason. */
async function silenceOf(tx: HandlerTx, within: ReadModelTx): Promise<HindcastError | undefined> {
  tx.close()
  const { waiting } = tx
  const silence = waiting && (await within.silence?.())
  return tx.waiting === waiting ? silence : undefined
}

/** What is deferred counts as the failure of the last event of its append: there is none that is more to blame. */
async function checkAt(place: FoldPlace, tx: ReadModelTx): Promise<void> {
  try {
    await tx.checkDeferred?.()
  } catch (error) {
    if (error instanceof HindcastError && error.retryable) throw error
    throw new SqlHandlerError(place, 'left what a deferred constraint refuses:', error)
  }
}

/** The work's end, or an error when it has not come in time; what the work still does is nobody's business then. */
async function inTime(work: () => Promise<void>, ms: number, late: () => Error): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(late()), ms)))
  try {
    await Promise.race([work(), over])
  } finally {
    clearTimeout(timer)
  }
}
