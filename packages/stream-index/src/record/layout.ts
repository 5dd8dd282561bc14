/**
 * The bytes of an append, all numbers little-endian:
 *
 * ```
 * 0   u32  CRC-32 of the whole append, these four bytes taken as zero
 * 4   u8   the layout's version
 * 5   u8   flags: which of the optional texts are there
 * 6   u16  writes
 * 8   u16  events
 * 10  f64  time, ms since 1970
 * 18       command id, then the optional texts in the order of their flags; each is a u16 length and UTF-8,
 *          or 0xffff and the 16 bytes of a UUID
 *     for each write: stream (u16 length, UTF-8), u48 first version, u48 offset of the stream's append before (0: none),
 *                     u16 events, u32 bytes of the events
 *       for each event: id, type (texts like those above), f64 schema version, u32 length and UTF-8 of the data
 * ```
 */
export const LAYOUT_VERSION = 2

/** Stands in place of a text's length: what follows are the bytes of a UUID. */
export const UUID_MARK = 0xffff

/** Where the fixed head of an append ends and its command id begins. */
export const HEAD_BYTES = 18
/** The fixed part of a write, behind its stream's name. */
export const WRITE_BYTES = 18

/** The flag of each optional text. */
export const FLAG = {
  command: 1,
  result: 2,
  correlationId: 4,
  causationId: 8,
  actor: 16,
  tenant: 32,
  traceparent: 64,
} as const

/** The metadata of an append, in the order in which it is written. */
export const METADATA_FIELDS = ['correlationId', 'causationId', 'actor', 'tenant', 'traceparent'] as const

/** Says "no append before this one": offset 0 is never an append, it holds the partition's genesis record. */
export const NO_OFFSET = 0
