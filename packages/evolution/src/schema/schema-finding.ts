/** One thing that `checkSchemas` or `lostSchemas` found; each of them fails the check. */
export interface SchemaFinding {
  /**
   * - `declaration`: the app's declarations cannot be used, for instance since an upcaster step is missing
   * - `unreadable`: the lock knows a version that nothing in the code reads
   * - `behind`: the lock knows a newer version than the code
   * - `breaks`: a change that the compatibility of the event forbids
   * - `lost`: a lock of before has what this one has no more
   * - `unrecorded`: fine, and not in the lock yet
   */
  readonly kind: 'declaration' | 'unreadable' | 'behind' | 'breaks' | 'lost' | 'unrecorded'
  /** The event's name; empty for the app as a whole. */
  readonly event: string
  /** The version of the event; 0 for the app as a whole. */
  readonly version: number
  /** Of `breaks`: whose reading breaks: today's code on recorded events, or code of before on today's events. */
  readonly direction?: 'backward' | 'forward'
  /** Of `breaks`: the field, `lines[].price`; empty for the event as a whole. */
  readonly path?: string
  /** What is wrong and what to do, as a sentence. */
  readonly message: string
}
