import { HindcastError } from '@hindcast/core'
import type { Codec } from './batch-layout.js'

const ADVICE = {
  gzip: '',
  snappy: 'Install the package "kafkajs-snappy" where you consume it',
  lz4: 'Install the package "kafkajs-lz4" where you consume it',
  zstd: 'Install the package "@kafkajs/zstd" where you consume it',
} as const

/** A record batch that must be read is compressed in a way that this library does not read. */
export class CodecError extends HindcastError<'HC_KAFKA_CODEC'> {
  override readonly name = 'CodecError'
  constructor(partition: number, offset: number, codec: Exclude<Codec, 'none'>) {
    super(
      'HC_KAFKA_CODEC',
      `the records at offset ${offset} of partition ${partition} are compressed with ${codec}, but events are written uncompressed: ` +
        `the topic's compression.type makes the broker compress them again, or the topic is a copy. Set compression.type=producer. ${ADVICE[codec]}`.trim(),
      { partition, offset, codec },
    )
  }
}

/** Bytes that came from a broker are not what was written. */
export class DamagedBatchError extends HindcastError<'HC_KAFKA_DAMAGED'> {
  override readonly name = 'DamagedBatchError'
  constructor(partition: number, offset: number, reason: string) {
    super(
      'HC_KAFKA_DAMAGED',
      `the records at offset ${offset} of partition ${partition} are damaged: ${reason}. Check the broker's disk; a replica may hold them whole`,
      { partition, offset, reason },
    )
  }
}
