import {
  makePosition,
  memory,
  ownCopy,
  prepareAppend,
  type AppendOptions,
  type AppendResult,
  type EventStore,
  type EventStoreFactory,
  type StreamWrite,
} from '@hindcast/core'

/** A log that checks and copies what it is given, as every store does, and then only answers, in the next turn of the event loop. */
export const answering: EventStoreFactory = async host => {
  const store = await memory()(host)
  const append = appendTo(store)
  return new Proxy(store, {
    get(target, name) {
      if (name === 'append') return append
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function appendTo({ logId, partitions }: EventStore): EventStore['append'] {
  const answers = new NextTurn()
  let offset = 0
  return (writes: readonly StreamWrite[], options: AppendOptions): Promise<AppendResult> => {
    const { partition } = prepareAppend(writes, options, partitions)
    const { expected, events } = ownCopy(writes, options).writes[0]!
    const version = (typeof expected === 'number' ? expected : -1) + events.length
    offset += events.length
    const position = makePosition(logId, partition, offset)
    return new Promise(resolve =>
      answers.add(() => resolve({ kind: 'appended', repeated: false, versions: [version], position })),
    )
  }
}

/** Gives all answers together, as they come back from a disk or a broker. */
export class NextTurn {
  #waiting: (() => void)[] = []

  add(answer: () => void): void {
    if (this.#waiting.length === 0) setImmediate(() => this.#give())
    this.#waiting.push(answer)
  }

  #give(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const answer of waiting) answer()
  }
}
