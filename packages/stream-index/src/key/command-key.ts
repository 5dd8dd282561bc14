import { writeText } from '../record/text.js'

/** Two bytes for the partition, and the longest command id there is: 200 characters of three bytes. */
const target = Buffer.allocUnsafeSlow(2 + 200 * 3)

/** The key of a command id in a partition; overwritten by the next call. */
export function commandKey(partition: number, commandId: string): Buffer {
  target[0] = partition >>> 8
  target[1] = partition & 0xff
  return target.subarray(0, 2 + writeText(target, commandId, 2))
}
