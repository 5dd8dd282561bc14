const AT = { crc: 17, checked: 21, epoch: 51, sequence: 53 } as const
const POLYNOMIAL = 0x82f63b78

/** The producer epoch of a record batch. */
export function epochOf(batch: Buffer): number {
  return batch.readInt16BE(AT.epoch)
}

/** The same records under another epoch, in which sequences begin at 0. */
export function withEpoch(batch: Buffer, epoch: number): Buffer {
  const changed = Buffer.from(batch)
  changed.writeInt16BE(epoch, AT.epoch)
  changed.writeInt32BE(0, AT.sequence)
  changed.writeUInt32BE(crc32c(changed.subarray(AT.checked)), AT.crc)
  return changed
}

/** CRC-32C, bit by bit. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) * POLYNOMIAL)
  }
  return ~crc >>> 0
}
