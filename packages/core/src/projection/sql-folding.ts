import type { DecodedEvent } from '../catalog/event-catalog.js'
import { SqlUnsupportedError } from '../read-model/errors.js'
import type { SqlHandlerDefinition, SqlProjectionDefinition } from './definition.js'
import type { FoldPlace } from './fold-errors.js'
import type { Folding, FoldWork } from './folding.js'
import { HandlerTx } from './handler-tx.js'
import { SqlHandlerError, SqlHandlerTimeoutError } from './sql-errors.js'
import type { SqlTx } from './sql.js'

type Handler = (event: object, meta: object, sql: SqlTx) => unknown

/** Runs the @Project methods of a batch one after the other, in the transaction of the checkpoint. */
export class SqlFolding implements Folding {
  readonly foldsByStreamKey = false
  /** Each takes a round trip or more: there is nothing to be won by larger transactions. */
  readonly mostEvents = 1_000
  readonly partEvents = 1_000
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
      fold: async ({ sql }, events) => {
        if (!sql) throw new SqlUnsupportedError('every @Project method', name)
        for (const event of events) {
          const handler = handlers.get(Object.getPrototypeOf(event.event) as object)
          if (handler) await this.#run(handler, event, new HandlerTx(sql))
        }
      },
      write: async () => undefined,
      committed: () => undefined,
    }
  }

  async #run(handler: SqlHandlerDefinition, { event, meta }: DecodedEvent, tx: HandlerTx): Promise<void> {
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
      if (tx.outage) throw tx.outage
      if (error instanceof SqlHandlerError || error instanceof SqlHandlerTimeoutError) throw error
      throw new SqlHandlerError(place, 'threw', error)
    } finally {
      tx.close()
    }
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
