import type { AppendMetadata, AppendOptions, NewEvent, StreamWrite, StreamVersion } from './event-store.js'

/** Where a stream lies. @internal */
export class StreamPlace {
  /** The partition, and among how many; -1 until the place was checked with a first append. */
  partition = -1
  partitions = -1

  constructor(
    readonly stream: string,
    readonly partitionKey: string,
  ) {}
}

/**
 * A write of the command bus, which changes nothing of it any more, so that nobody needs a copy; and where its stream lies is
 * checked once, not with every append. It is recognised by a private field: no other object can pass for one.
 *
 * @internal
 */
export class PlacedWrite implements StreamWrite {
  readonly #place: StreamPlace
  readonly stream: string
  readonly partitionKey: string
  declare readonly after?: string

  constructor(
    place: StreamPlace,
    readonly expected: StreamVersion,
    after: string | undefined,
    readonly events: readonly NewEvent[],
  ) {
    this.#place = place
    this.stream = place.stream
    this.partitionKey = place.partitionKey
    if (after !== undefined) this.after = after
  }

  /** The place of a write, when it is one of the command bus, as that made it. */
  static placeOf(write: StreamWrite): StreamPlace | undefined {
    if (!(#place in write)) return undefined
    const place = write.#place
    return place.stream === write.stream && place.partitionKey === write.partitionKey ? place : undefined
  }
}

/**
 * The options of an append of the command bus, which changes nothing of them any more. Recognised like {@link PlacedWrite}.
 *
 * @internal
 */
export class CommandAppend implements AppendOptions {
  readonly #metadata: AppendMetadata | undefined
  declare readonly metadata?: AppendMetadata
  declare readonly result?: string

  /**
   * @param command - the name of a class of commands, which is checked where it is declared
   * @param metadata - frozen
   */
  constructor(
    readonly commandId: string,
    readonly command: string,
    metadata: AppendMetadata | undefined,
    result: string | undefined,
  ) {
    this.#metadata = metadata
    if (metadata !== undefined) this.metadata = metadata
    if (result !== undefined) this.result = result
  }

  /** True for options of the command bus, as that made them. */
  static isOwn(options: AppendOptions): boolean {
    return #metadata in options && options.#metadata === options.metadata
  }
}
