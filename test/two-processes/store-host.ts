import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import {
  CommandIdReusedError,
  HindcastError,
  type EventStore,
  type LogBatch,
  type ReadLogOptions,
  type RecordedEvent,
} from '@hindcast/core'
import type { Answer, Question, SentError } from './protocol.js'

const PROGRAM = fileURLToPath(new URL('../dist/two-processes/store-process.js', import.meta.url))

/** Stores that live in another process. */
export class StoreHost {
  private readonly child: ChildProcess
  private readonly waiting = new Map<
    number,
    { resolve(value: unknown): void; reject(error: unknown): void }
  >()
  private numbers = 0

  constructor() {
    this.child = fork(PROGRAM, { serialization: 'advanced', execArgv: [] })
    this.child.on('message', (answer: Answer) => this.settle(answer))
  }

  /** Opens a store there. */
  async open(folder: string): Promise<EventStore> {
    const { store, logId, partitions } = (await this.ask({ ask: 'open', folder })) as {
      store: number
      logId: string
      partitions: number
    }
    const ask = <T>(question: Question): Promise<T> => this.ask(question) as Promise<T>
    return {
      logId,
      partitions,
      append: (writes, options) => ask({ ask: 'append', store, writes, options }),
      findCommand: (partition, commandId) => ask({ ask: 'findCommand', store, partition, commandId }),
      end: (partition, { fresh = false } = {}) => ask({ ask: 'end', store, partition, fresh }),
      readStream: (stream, options = {}) =>
        this.read<readonly RecordedEvent[]>({ ask: 'readStream', store, stream, options }),
      readLog: (partition, { signal, ...options }: ReadLogOptions = {}) =>
        this.read<LogBatch>({ ask: 'readLog', store, partition, options }, signal),
      [Symbol.asyncDispose]: () => ask({ ask: 'close', store }),
    }
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    const ended = new Promise(resolve => this.child.once('exit', resolve))
    this.child.disconnect()
    await ended
  }

  private async *read<T>(question: Question, signal?: AbortSignal): AsyncGenerator<T, void, void> {
    const reader = (await this.ask(question)) as number
    const abort = (): void => void this.ask({ ask: 'abort', reader })
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort)
    try {
      for (;;) {
        const result = (await this.ask({ ask: 'next', reader })) as IteratorResult<T>
        if (result.done) return
        yield result.value
      }
    } finally {
      signal?.removeEventListener('abort', abort)
      await this.ask({ ask: 'return', reader })
    }
  }

  private ask(question: Question): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const number = this.numbers++
      this.waiting.set(number, { resolve, reject })
      this.child.send({ number, question })
    })
  }

  private settle(answer: Answer): void {
    const call = this.waiting.get(answer.number)!
    this.waiting.delete(answer.number)
    if ('error' in answer) call.reject(received(answer.error))
    else call.resolve(answer.value)
  }
}

/** What a store in another process has thrown; a class that callers ask for becomes itself again. */
function received(sent: SentError): HindcastError {
  const { code, context } = sent
  const { commandId, before, now } = context
  if (code === 'HC_COMMAND_ID_REUSED')
    return new CommandIdReusedError(String(commandId), String(before), String(now))
  return RemoteError.of(sent)
}

class RemoteError extends HindcastError {
  static of({ code, message, context }: SentError): RemoteError {
    return new RemoteError(code, message, context)
  }
}
