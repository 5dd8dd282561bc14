/**
 * The limits that every store keeps, so that what fits on a laptop fits on a cluster.
 *
 * Sizes are bytes of the encoded event: its JSON and all its headers in UTF-8.
 */
export const LIMITS = {
  /** The largest event, encoded: 256 KiB. */
  maxEventBytes: 262_144,
  /** The largest append, encoded: 512 KiB. */
  maxAppendBytes: 524_288,
  /** The most events in one append: 1,000. */
  maxAppendEvents: 1000,
  /** The longest key of a stream, in characters: 200. */
  maxKeyLength: 200,
  /** The longest category of a stream, in characters: 100. */
  maxCategoryLength: 100,
  /** The longest command id, event id, correlation id, actor or tenant, in characters: 200. */
  maxIdLength: 200,
  /** The largest result of a command handler, as JSON in UTF-8: 4 KiB. */
  maxResultBytes: 4096,
  /** The largest state in a snapshot, as JSON in UTF-8: 512 KiB. */
  maxSnapshotBytes: 524_288,
} as const
