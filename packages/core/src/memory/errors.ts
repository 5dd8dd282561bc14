import { HindcastError } from '../error/hindcast-error.js'

/** An option of {@link memory} cannot be used. */
export class MemoryOptionError extends HindcastError<'HC_MEMORY_OPTION'> {
  override readonly name = 'MemoryOptionError'
  constructor(option: string, value: string | number, rule: string) {
    super('HC_MEMORY_OPTION', `memory({ ${option}: ${JSON.stringify(value)} }) is refused: ${rule}`, {
      option,
      value,
      rule,
    })
  }
}
