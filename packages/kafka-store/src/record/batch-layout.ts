/**
 * Where the fields of a record batch (magic 2) lie, all big-endian:
 *
 * ```
 * 0  i64 base offset      8  i32 length of what follows   12 i32 partition leader epoch   16 i8 magic
 * 17 u32 CRC-32C of all from 21 on                        21 i16 attributes               23 i32 last offset delta
 * 27 i64 base timestamp   35 i64 max timestamp            43 i64 producer id              51 i16 producer epoch
 * 53 i32 base sequence    57 i32 records                  61     the records
 * ```
 *
 * @see https://kafka.apache.org/documentation/#recordbatch
 */
export const BATCH = {
  baseOffset: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  count: 57,
  records: 61,
} as const

/** The bytes before {@link BATCH.leaderEpoch}, which the length does not count. */
export const LENGTH_END = 12

/** The bits of a batch's attributes. */
export const ATTRIBUTE = { codec: 0x07, logAppendTime: 0x08, transactional: 0x10, control: 0x20 } as const

/** How a batch is compressed, by the number in its attributes. */
export const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

/** A codec's name. */
export type Codec = (typeof CODECS)[number]
