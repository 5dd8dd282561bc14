/** The key of a partition's state in the table `about`; `ABOUT_KEY` sorts behind all of them. */
export function partitionKey(partition: number): Buffer {
  return Buffer.of(0, partition >>> 8, partition & 0xff)
}

/** The key of what the folder says about itself. */
export const ABOUT_KEY: Buffer = Buffer.from('about')
