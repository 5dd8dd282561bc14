import { acceptSchemas, appSchemas, DEFAULT_LOCK_FILE, readLock, writeLock } from '@hindcast/evolution'
import type { VerbContext } from '../verb.js'
import { findingText } from './finding-text.js'

/** What is accepted. */
export interface AcceptVerbOptions {
  /** Events of which the lock forgets what is in the way. Default: none. */
  readonly breaking?: readonly string[]
}

/** Records the events of the app in the lock, and shows what it settled. Gives how many findings that were. */
export async function acceptSchema(
  { config, output }: VerbContext,
  { breaking = [] }: AcceptVerbOptions = {},
): Promise<number> {
  const { lock: file = DEFAULT_LOCK_FILE, ...options } = config.schema ?? {}
  const { lock, settled } = acceptSchemas(appSchemas(config), await readLock(file), { ...options, breaking })
  if (settled.length === 0) {
    output.note(`${file} has everything already`)
    return 0
  }
  await writeLock(file, lock)
  for (const finding of settled) output.result(finding, () => findingText(finding))
  output.note(`${file} is written; commit it`)
  return settled.length
}
