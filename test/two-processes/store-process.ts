import { HindcastError, systemClock, uuidV7Source, type EventStore, type RecordedEvent } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import type { Answer, Numbered, Question, SentError } from './protocol.js'

/** A process that holds stores and does with them what its parent asks. */
const stores: EventStore[] = []
const readers: { readonly iterator: AsyncIterator<unknown>; readonly stop: AbortController }[] = []

process.on('disconnect', () => process.exit(0))
process.on('message', ({ number, question }: Numbered) => {
  answer(question).then(
    value => reply({ number, value }),
    (error: unknown) => reply({ number, error: sent(error) }),
  )
})

async function answer(question: Question): Promise<unknown> {
  switch (question.ask) {
    case 'open': {
      const store = await lmdb(question.folder)({ clock: systemClock, ids: uuidV7Source(), run: 'all' })
      return { store: stores.push(store) - 1, logId: store.logId, partitions: store.partitions }
    }
    case 'append':
      return stores[question.store]!.append(question.writes, question.options)
    case 'findCommand':
      return stores[question.store]!.findCommand(question.partition, question.commandId)
    case 'end':
      return stores[question.store]!.end(question.partition, { fresh: question.fresh })
    case 'readStream': {
      const batches = stores[question.store]!.readStream(question.stream, question.options)
      return read(batches, new AbortController())
    }
    case 'readLog': {
      const stop = new AbortController()
      return read(
        stores[question.store]!.readLog(question.partition, { ...question.options, signal: stop.signal }),
        stop,
      )
    }
    case 'next':
      return plainResult(await readers[question.reader]!.iterator.next())
    case 'return':
      return plainResult(
        (await readers[question.reader]!.iterator.return?.()) ?? { done: true, value: undefined },
      )
    case 'abort':
      return readers[question.reader]!.stop.abort()
    case 'close':
      return stores[question.store]![Symbol.asyncDispose]()
  }
}

function read(batches: AsyncIterable<unknown>, stop: AbortController): number {
  return readers.push({ iterator: batches[Symbol.asyncIterator](), stop }) - 1
}

/** Events are computed where they are asked for; what is sent must be plain. */
function plainResult(result: IteratorResult<unknown>): unknown {
  const value = result.value as
    readonly RecordedEvent[] | { readonly events: readonly RecordedEvent[] } | undefined
  if (value === undefined) return { done: result.done, value }
  return {
    done: result.done,
    value: 'events' in value ? { ...value, events: value.events.map(plain) } : value.map(plain),
  }
}

function plain(event: RecordedEvent): RecordedEvent {
  const { id, type, schemaVersion, stream, version, partition, offset, time, data, commandId, metadata } =
    event
  return {
    id,
    type,
    schemaVersion,
    stream,
    version,
    partition,
    offset,
    time,
    data,
    commandId,
    metadata: { ...metadata },
  }
}

function sent(error: unknown): SentError {
  if (!(error instanceof HindcastError)) return { code: 'unexpected', message: String(error), context: {} }
  return { code: error.code, message: error.message, context: error.context as SentError['context'] }
}

function reply(message: Answer): void {
  process.send!(message)
}
