/** What a reader that has applied a partition up to a position knows of it: all that the next verdict and the next append need. */
export interface LogState {
  /** The next offset to read: everything below it is applied. */
  readonly next: number
  /** The offset of the last reserved-id record, valid or void; -1 when there is none. */
  readonly lastReserved: number
  /** The first offset of the batch with that record, and its checksum: they tell this log from another one. */
  readonly lastBatch: number
  readonly lastCrc: number
  /** The sequence number and the epoch that follow that batch. */
  readonly sequence: number
  readonly epoch: number
  /** The latest timestamp of any reserved-id record, in ms since 1970; 0 when there is none. */
  readonly timestamp: number
  /** The log's identity, from the genesis record; undefined before it. */
  readonly logId: string | undefined
}

/** At offset 0, before anything was read. */
export const UNREAD: LogState = {
  next: 0,
  lastReserved: -1,
  lastBatch: -1,
  lastCrc: 0,
  sequence: 0,
  epoch: 0,
  timestamp: 0,
  logId: undefined,
}

const FORMAT = 1
const FIXED_BYTES = 36

/** Encodes a state for the index, which keeps the position and the log's identity itself. */
export function encodeState(state: LogState): Uint8Array {
  const bytes = Buffer.alloc(FIXED_BYTES)
  bytes[0] = FORMAT
  bytes.writeDoubleLE(state.lastReserved, 1)
  bytes.writeDoubleLE(state.lastBatch, 9)
  bytes.writeUInt32LE(state.lastCrc, 17)
  bytes.writeUInt32LE(state.sequence, 21)
  bytes.writeInt16LE(state.epoch, 25)
  bytes.writeDoubleLE(state.timestamp, 27)
  bytes[35] = state.logId === undefined ? 0 : 1
  return bytes
}

/** Reads what {@link encodeState} wrote; undefined when it is empty or of another format. */
export function decodeState(bytes: Uint8Array, next: number, logId: string): LogState | undefined {
  if (bytes.length !== FIXED_BYTES || bytes[0] !== FORMAT) return undefined
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return {
    next,
    lastReserved: source.readDoubleLE(1),
    lastBatch: source.readDoubleLE(9),
    lastCrc: source.readUInt32LE(17),
    sequence: source.readUInt32LE(21),
    epoch: source.readInt16LE(25),
    timestamp: source.readDoubleLE(27),
    logId: source[35] === 1 ? logId : undefined,
  }
}
