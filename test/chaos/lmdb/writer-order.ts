import type { WriterOrder } from '../process/writer-order.js'

/** What a writer process on an LMDB log is told. */
export interface LmdbWriterOrder extends WriterOrder {
  readonly folder: string
}
