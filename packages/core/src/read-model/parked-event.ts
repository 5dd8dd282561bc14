/** An event that a projection has set aside unfolded: one that failed, or a later one of a key that is parked. */
export interface ParkedEvent {
  /** Its place in the partition. */
  readonly offset: bigint
  /** The stream id. */
  readonly stream: string
  /** Its place in the stream. */
  readonly streamVersion: number
  /** The recorded name. */
  readonly type: string
  /**
   * What is parked with it: later events of any of these wait behind it. All fold keys of the event; for a SQL projection, and
   * for an event whose fold keys cannot be found, the partition key of its stream.
   */
  readonly keys: readonly string[]
  /** The code of the error that parked it, or `HC_PARKED_BEHIND` for one that only waits. */
  readonly code: string
  /** The message of that error. */
  readonly message: string
  /** When it was parked, by the clock of the worker. */
  readonly parkedAt: Date
  /** How often it was tried again by request. */
  readonly retries: number
}

/** The record of an event that a projection left out for good. */
export interface PassedEvent extends ParkedEvent {
  /** `'skipped'` by the failure policy, `'dropped'` by request. */
  readonly why: 'skipped' | 'dropped'
  /** Why, in the words of whoever asked for it; for a skipped event, that the policy says so. */
  readonly reason: string
}
