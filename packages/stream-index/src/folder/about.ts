/**
 * The format of each kind of folder that this version reads and writes. 2: UUIDs are bytes, states of partitions lie in the
 * main tree. 3: an index holds the records of its log as they are. 4: it holds command ids in blocks.
 */
export const FORMAT = { log: 2, index: 4 } as const

/** What a folder says about itself; written once, at its creation. */
export interface About {
  readonly format: number
  /** `'log'`: the folder is the truth. `'index'`: it can be filled again from somewhere else. */
  readonly kind: 'log' | 'index'
  readonly logId: string
  readonly partitions: number
}

/** Encodes it: JSON, so that any later version can read it. */
export function encodeAbout(about: About): Buffer {
  return Buffer.from(JSON.stringify(about, undefined, 2) + '\n')
}

/** Reads it; undefined when it is none. */
export function decodeAbout(bytes: Buffer): About | undefined {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { format, kind, logId, partitions } = value as Partial<About>
  if (typeof format !== 'number') return undefined
  if (format !== FORMAT[kind === 'index' ? 'index' : 'log'])
    return { format, kind: kind ?? 'log', logId: String(logId), partitions: Number(partitions) }
  if ((kind !== 'log' && kind !== 'index') || typeof logId !== 'string') return undefined
  if (typeof partitions !== 'number' || !Number.isInteger(partitions) || partitions < 1) return undefined
  return { format, kind, logId, partitions }
}
