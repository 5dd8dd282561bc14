import type { EventStore } from '@hindcast/core'

/** A store that does one thing here and the next one in the other process. */
export function alternating(here: EventStore, there: EventStore): EventStore {
  let turn = 0
  const next = (): EventStore => (turn++ % 2 === 0 ? here : there)
  return {
    logId: here.logId,
    partitions: here.partitions,
    append: (writes, options) => next().append(writes, options),
    findCommand: (partition, commandId) => next().findCommand(partition, commandId),
    end: (partition, options) => next().end(partition, options),
    readStream: (stream, options) => next().readStream(stream, options),
    readLog: (partition, options) => next().readLog(partition, options),
    async [Symbol.asyncDispose]() {
      await Promise.all([here[Symbol.asyncDispose](), there[Symbol.asyncDispose]()])
    },
  }
}
