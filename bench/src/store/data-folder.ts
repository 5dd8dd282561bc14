import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** On the disk of the repository: the system's folder for temporary files is memory on many machines, where fsync is free. */
const DATA = fileURLToPath(new URL('../../data/', import.meta.url))

/** A new, empty folder for a log. What runs that were killed left behind is removed. */
export async function newFolder(store: string): Promise<string> {
  await mkdir(DATA, { recursive: true })
  for (const name of await readdir(DATA)) {
    const pid = Number(/^\w+-(\d+)-/.exec(name)?.[1])
    if (pid > 0 && !isAlive(pid)) await rm(join(DATA, name), { recursive: true, force: true })
  }
  return mkdtemp(join(DATA, `${store}-${process.pid}-`))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // EPERM: somebody else's process, but a process.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
