import {
  Aggregate,
  AggregateRoot,
  Apply,
  Event,
  memory,
  systemClock,
  upcast,
  uuidV7Source,
  type AggregateClass,
  type AggregateOptions,
  type EventStore,
  type LogBatch,
  type ReadLogOptions,
  type RecordedEvent,
} from '@hindcast/core'
import { verifyHistory, type VerifyOptions, type VerifyParts, type VerifyReport } from '@hindcast/evolution'
import { IsInt, Min } from 'class-validator'

export class Opened extends Event('purse.opened') {}
export class Paid extends Event('purse.paid', { version: 2 }) {
  @IsInt() @Min(1) cents!: number
}
class Stolen extends Event('purse.stolen') {}
class Closed extends Event('branch.closed') {}

@Aggregate('purse')
export class Purse extends AggregateRoot<Opened | Paid | Stolen> {
  list?: number[]
  @Apply(Opened) opened() {
    this.list = []
  }
  @Apply(Paid) paid({ cents }: Paid) {
    this.list!.push(cents)
  }
  @Apply(Stolen) stolen() {
    return Promise.resolve() as unknown as undefined
  }
}
/** Its streams share a partition by the first letter of their keys. */
@Aggregate('branch', { partitionBy: key => key[0]! })
class Branch extends AggregateRoot<Closed> {
  @Apply(Closed) closed() {}
}

export const upcasters = [
  upcast(Paid)
    .from<{ euros: number | null }>(1)
    .up(({ euros }) => ({ cents: Number(euros!.toFixed(2)) * 100 }))
    .done(),
  upcast('purse.painted').from(1).drop(),
]
export const parts = { aggregates: [Purse, Branch], upcasters }

/**
 * A purse whose fold calls a function. The text of the class is the same whatever the function does, so that builds which
 * differ only there have one fingerprint.
 */
export function countingPurse(
  worth: (cents: number) => number,
  options: AggregateOptions = { snapshotVersion: 1 },
): AggregateClass {
  @Aggregate('purse', options)
  class CountingPurse extends AggregateRoot<Opened | Paid> {
    declare name: string | undefined
    total = 0
    @Apply(Opened) opened() {}
    @Apply(Paid) paid({ cents }: Paid) {
      this.total += worth(cents)
    }
  }
  return CountingPurse
}

/** The same as another compiler would make of it: other text, and a field without a value that is there. */
export function recompiledPurse(
  worth: (cents: number) => number,
  options: AggregateOptions = { snapshotVersion: 1 },
): AggregateClass {
  @Aggregate('purse', options)
  class CountingPurse extends AggregateRoot<Opened | Paid> {
    name: string | undefined = void 0
    total = 0
    @Apply(Opened) opened() {}
    @Apply(Paid) paid(event: Paid) {
      this.total = this.total + worth(event.cents)
    }
  }
  return CountingPurse
}

let ids = 0
/** A log in memory, to write anything into. */
export class Log implements AsyncDisposable {
  private constructor(readonly store: EventStore) {}

  static async make(partitions = 3, open = memory({ partitions, logId: 'books' })): Promise<Log> {
    return new Log(await open({ clock: systemClock, ids: uuidV7Source(), run: 'all' }))
  }

  /** Appends one event. */
  async append(
    stream: string,
    type: string,
    data: object = {},
    schemaVersion = 1,
    key?: string,
  ): Promise<void> {
    const event = { id: `e${ids++}`, type, schemaVersion, data: JSON.stringify(data) }
    await this.store.append(
      [{ stream, expected: 'any', events: [event], ...(key !== undefined && { partitionKey: key }) }],
      { commandId: `c${ids}` },
    )
  }

  /** A purse with so many payments of one cent. */
  async fill(stream: string, payments = 2): Promise<void> {
    await this.append(stream, 'purse.opened')
    for (let i = 0; i < payments; i++) await this.append(stream, 'purse.paid', { cents: 1 }, 2)
  }

  verify(options: VerifyOptions = {}, others: Partial<VerifyParts> = {}): Promise<VerifyReport> {
    return verifyHistory({ store: this.store, ...parts, ...others }, options)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.store[Symbol.asyncDispose]()
  }
}

/** The log as something else has changed it: a store would not write what is asked for here. */
export function changed(
  sound: EventStore,
  change: (event: RecordedEvent) => Partial<RecordedEvent> | undefined,
): EventStore {
  return reading(sound, batch => ({
    ...batch,
    events: batch.events.map(event => ({ ...event, ...change(event) })),
  }))
}

/** The log, with something done to each batch that is read. */
export function reading(sound: EventStore, each: (batch: LogBatch) => LogBatch): EventStore {
  return {
    ...{ logId: sound.logId, partitions: sound.partitions },
    end: (partition: number) => sound.end(partition),
    async *readLog(partition: number, options: ReadLogOptions) {
      for await (const batch of sound.readLog(partition, options)) yield each(batch)
    },
  } as unknown as EventStore
}
