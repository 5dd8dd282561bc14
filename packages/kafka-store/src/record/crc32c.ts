const POLYNOMIAL = 0x82f63b78
const SLICES = 16

/** `TABLE[s * 256 + b]`: what byte `b` does to the checksum when `s` bytes follow it. */
const TABLE = makeTable()

function makeTable(): Int32Array {
  const table = new Int32Array(256 * SLICES)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    table[byte] = crc
  }
  for (let i = 256; i < table.length; i++) {
    const before = table[i - 256]!
    table[i] = (before >>> 8) ^ table[before & 0xff]!
  }
  return table
}

/**
 * The CRC-32C (Castagnoli) of a range of bytes, with which Kafka protects a record batch.
 *
 * 16 bytes a step: 0.7 ns a byte, with eight 1.0 to 1.5. Byte by byte it took a tenth of the time of a busy writer.
 */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let crc = -1
  let at = start
  for (const last = end - SLICES; at <= last; at += SLICES)
    crc =
      TABLE[3840 + ((crc ^ bytes[at]!) & 0xff)]! ^
      TABLE[3584 + (((crc >>> 8) ^ bytes[at + 1]!) & 0xff)]! ^
      TABLE[3328 + (((crc >>> 16) ^ bytes[at + 2]!) & 0xff)]! ^
      TABLE[3072 + ((crc >>> 24) ^ bytes[at + 3]!)]! ^
      TABLE[2816 + bytes[at + 4]!]! ^
      TABLE[2560 + bytes[at + 5]!]! ^
      TABLE[2304 + bytes[at + 6]!]! ^
      TABLE[2048 + bytes[at + 7]!]! ^
      TABLE[1792 + bytes[at + 8]!]! ^
      TABLE[1536 + bytes[at + 9]!]! ^
      TABLE[1280 + bytes[at + 10]!]! ^
      TABLE[1024 + bytes[at + 11]!]! ^
      TABLE[768 + bytes[at + 12]!]! ^
      TABLE[512 + bytes[at + 13]!]! ^
      TABLE[256 + bytes[at + 14]!]! ^
      TABLE[bytes[at + 15]!]!
  for (; at < end; at++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[at]!) & 0xff]!
  return ~crc >>> 0
}
