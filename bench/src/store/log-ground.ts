import type { EventStore, EventStoreFactory } from '@hindcast/core'

/** The raw library, used in the plainest way that gives the same durability. */
export interface RawLog extends AsyncDisposable {
  /** Appends one value to a stream; resolves when it is as durable as ours. */
  append(stream: string, value: object): Promise<void>
}

/** A raw library that can be asked for one stream. */
export interface RawStreams extends RawLog {
  /** The values of a stream, parsed. */
  read(stream: string): readonly object[]
}

/** A log to measure on, and the raw library on the same ground. */
export interface LogGround extends AsyncDisposable {
  readonly log: EventStoreFactory
  /** Opens the raw library for so many concurrent callers: with one, in its fastest way for one. */
  raw(callers: number): Promise<RawLog>
  /** Opens the raw library that streams are read with. */
  rawStreams(): Promise<RawStreams>
  /** Reads the whole log with the raw library and decodes every record. Missing where the log is not filled into an index. */
  readonly rawScan?: () => Promise<RawScan>
  /**
   * The events of the log as the raw library reads them, whole and in order within a partition; copied first where the raw
   * library cannot read the log itself. Missing where a log ends with the store that made it.
   */
  readonly rawEvents?: (log: EventStore) => Promise<() => AsyncIterable<readonly RawEvent[]>>
  /** Lets another process stand on the same ground, see {@link StoreBench.join}. */
  readonly address: string
}

/** An event as the raw library reads it. */
export interface RawEvent {
  readonly stream: string
  /** JSON. */
  readonly data: string
}

/** What reading the whole log came to. */
export interface RawScan {
  readonly records: number
  readonly elapsedMs: number
}

/** One kind of store: how to get a log of it. */
export interface StoreBench {
  /** What an acknowledged append has behind it. */
  readonly durability: string
  /** The raw library in a few words. */
  readonly baseline: string
  /** The same for reading streams, where it is another library. */
  readonly streamsBaseline?: string
  /** How many copies of each event there are, on a server each. */
  readonly replicas?: number
  /** Makes an empty log, and starts the servers that it needs; disposing it removes everything. */
  create(): Promise<LogGround>
  /** Stands on the ground of another process; disposing it removes nothing. Missing when a log belongs to one process. */
  readonly join?: (address: string) => Promise<LogGround>
}
