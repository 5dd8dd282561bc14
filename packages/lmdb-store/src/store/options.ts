import { HindcastError } from '@hindcast/core'

/** What {@link lmdb} may be told. */
export interface LmdbOptions {
  /** How many partitions a new log gets, for ever: 1 to 10,000. Default 8; an existing log keeps its own number. */
  readonly partitions?: number
  /**
   * How long an append may take before it is given up, in milliseconds. It matters when another process was frozen in the
   * middle of a write: nobody writes until that goes on or ends. Default 30,000.
   */
  readonly appendTimeoutMs?: number
  /** How often a live reader looks for what other processes wrote, in milliseconds. Default 5. */
  readonly pollMs?: number
}

/** The options with their defaults. */
export interface LmdbSettings {
  readonly partitions: number
  /** False when the number is only the default. */
  readonly partitionsAsked: boolean
  readonly appendTimeoutMs: number
  readonly pollMs: number
}

/** An option of {@link lmdb} cannot be used. */
export class LmdbOptionError extends HindcastError<'HC_LMDB_OPTION'> {
  override readonly name = 'LmdbOptionError'
  constructor(option: string, value: string | number, rule: string) {
    super('HC_LMDB_OPTION', `lmdb(…, { ${option}: ${JSON.stringify(value)} }) is refused: ${rule}`, {
      option,
      value,
      rule,
    })
  }
}

/** Checks the options. @throws LmdbOptionError */
export function settle(folder: string, options: LmdbOptions): LmdbSettings {
  if (typeof folder !== 'string' || folder.length === 0)
    throw new LmdbOptionError('folder', String(folder), 'it is not the path of a folder')
  const { partitions = 8, appendTimeoutMs = 30_000, pollMs = 5 } = options
  checkWhole('partitions', partitions, 1, 10_000)
  checkWhole('appendTimeoutMs', appendTimeoutMs, 1, 86_400_000)
  checkWhole('pollMs', pollMs, 1, 60_000)
  return { partitions, partitionsAsked: options.partitions !== undefined, appendTimeoutMs, pollMs }
}

function checkWhole(option: string, value: number, minimum: number, maximum: number): void {
  if (!Number.isInteger(value) || value < minimum || value > maximum)
    throw new LmdbOptionError(option, value, `it is not a whole number of ${minimum} to ${maximum}`)
}
