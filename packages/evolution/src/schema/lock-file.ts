import { readFile, rename, writeFile } from 'node:fs/promises'
import { SchemaLockError } from './errors.js'
import { parseLock } from './parse-lock.js'
import { formatLock, type SchemaLock } from './schema-lock.js'

/** Where the lock is unless the config says otherwise. */
export const DEFAULT_LOCK_FILE = 'hindcast.schema.json'

/**
 * Reads a lock file; where there is none, nothing is recorded yet.
 *
 * @param existing - true where a file that is not there is an error. Default false
 * @throws SchemaLockError
 */
export async function readLock(
  file: string,
  { existing = false }: { readonly existing?: boolean } = {},
): Promise<SchemaLock> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (!existing && (error as NodeJS.ErrnoException).code === 'ENOENT') return new Map()
    throw new SchemaLockError(
      file,
      `it cannot be read: ${(error as Error).message}`,
      'Mend that, and repeat',
      error,
    )
  }
  return parseLock(text, file)
}

/** Writes a lock file, whole or not at all. @throws SchemaLockError */
export async function writeLock(file: string, lock: SchemaLock): Promise<void> {
  const draft = `${file}.${process.pid}.new`
  try {
    await writeFile(draft, formatLock(lock))
    await rename(draft, file)
  } catch (error) {
    throw new SchemaLockError(
      file,
      `it cannot be written: ${(error as Error).message}`,
      'Mend that, and repeat',
      error,
    )
  }
}
