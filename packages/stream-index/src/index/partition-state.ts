import { readUint48 } from '../record/stored-append.js'

/** How far a partition has come. */
export interface PartitionState {
  /** The next offset: everything below it is in the index. */
  readonly next: number
  /** The time of the last event, in ms since 1970; -Infinity when there is none. */
  readonly time: number
  /** Whatever the store keeps beside its position, such as a producer's sequence. Default empty. */
  readonly state: Uint8Array
}

const FIXED_BYTES = 14

/** Encodes a partition's state. @returns bytes of their own */
export function encodePartition(partition: PartitionState): Buffer {
  const bytes = Buffer.allocUnsafe(FIXED_BYTES + partition.state.length)
  bytes.writeUIntLE(partition.next, 0, 6)
  bytes.writeDoubleLE(partition.time, 6)
  bytes.set(partition.state, FIXED_BYTES)
  return bytes
}

/** Reads what {@link encodePartition} wrote. @param length - how many of the bytes belong to it */
export function decodePartition(bytes: Buffer, length: number): PartitionState {
  return {
    next: readUint48(bytes, 0),
    time: bytes.readDoubleLE(6),
    state: new Uint8Array(bytes.subarray(FIXED_BYTES, length)),
  }
}
