import { mkdir, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** On the disk of the repository: the system's folder for temporary files is memory on many machines, where fsync is free. */
const DATA = fileURLToPath(new URL('../../data/', import.meta.url))

/** A new, empty folder for a log. */
export async function newFolder(name: string): Promise<string> {
  await mkdir(DATA, { recursive: true })
  return mkdtemp(join(DATA, `${name}-`))
}
