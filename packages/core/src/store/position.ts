import { PositionError } from './errors.js'

declare const POSITION: unique symbol

/**
 * A place in a log: `<log>/<partition>:<offset>`. Opaque and safe in JSON; compare it only with {@link comparePositions}.
 */
export type Position = string & { readonly [POSITION]: true }

/** What a position says. */
export interface PositionParts {
  /** The log that it is about. */
  readonly logId: string
  /** The partition. */
  readonly partition: number
  /** The place in the partition. */
  readonly offset: bigint
}

const SHAPE = /^([A-Za-z0-9_-]{1,64})\/(\d{1,9}):(\d{1,19})$/

// Positions that are made one after the other mostly lie in one partition: what they begin with is one text of all of them.
let lastLog = ''
let lastPartition = -1
let lastStart = ''

/** Makes a position. @param offset - a number is as good: partitions are shorter than 2^53 */
export function makePosition(logId: string, partition: number, offset: bigint | number): Position {
  if (logId !== lastLog || partition !== lastPartition) {
    lastLog = logId
    lastPartition = partition
    lastStart = `${logId}/${partition}:`
  }
  return (lastStart + String(offset)) as Position
}

/** Reads a position, also one that came from outside. @throws PositionError when it is malformed. */
export function parsePosition(position: string): PositionParts {
  const match = SHAPE.exec(position)
  if (!match) throw new PositionError(String(position), 'it is not <log>/<partition>:<offset>')
  return { logId: match[1]!, partition: Number(match[2]), offset: BigInt(match[3]!) }
}

/**
 * The position that a text from outside is: a header, a query parameter, a stored value.
 *
 * @throws PositionError when it is malformed
 */
export function positionFrom(text: string): Position {
  const { logId, partition, offset } = parsePosition(text)
  return makePosition(logId, partition, offset)
}

/**
 * The order of two positions of one partition: negative when `a` comes first, 0 when they are the same.
 *
 * @throws PositionError when they belong to different logs or partitions, between which there is no order.
 */
export function comparePositions(a: Position, b: Position): number {
  const left = parsePosition(a)
  const right = parsePosition(b)
  if (left.logId !== right.logId) throw new PositionError(b, `it belongs to another log than "${a}"`)
  if (left.partition !== right.partition)
    throw new PositionError(
      b,
      `it lies in another partition than "${a}", and partitions have no order between them`,
    )
  return left.offset < right.offset ? -1 : left.offset > right.offset ? 1 : 0
}
