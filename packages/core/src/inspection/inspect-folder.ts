import { constants } from 'node:fs'
import { access, readFile, realpath, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { Finding, Verdict } from './finding.js'
import { fileSystemKind, mountOf } from './mount.js'

const MIB = 1024 * 1024
const LEAST_FREE_BYTES = 100 * MIB
const FREE_BYTES = 1024 * MIB

/** A folder that files are kept in. */
export interface FolderToInspect {
  /** What it is called in findings: `log folder`. */
  readonly name: string
  /** Its path; it need not be there yet. */
  readonly folder: string
  /** `'truth'`: what is lost with it is lost. `'copy'`: it is filled again from elsewhere. */
  readonly holds: 'truth' | 'copy'
}

/** Whether a folder can be written, is on a disk of this machine, and has room. */
export async function inspectFolder({ name, folder, holds }: FolderToInspect): Promise<readonly Finding[]> {
  const subject = `${name} "${folder}"`
  const path = await nearestExisting(resolve(folder))
  return [
    await writable(subject, path),
    judgeFileSystem(`${subject}: file system`, await typeAt(path), holds),
    judgeFreeBytes(`${subject}: free space`, await freeBytesAt(path)),
  ]
}

/** Whether files that processes share are safe on a file system. @param type - undefined: not known */
export function judgeFileSystem(
  subject: string,
  type: string | undefined,
  holds: FolderToInspect['holds'],
): Finding {
  const value = type ?? 'cannot be told on this system'
  const kind = type === undefined ? undefined : fileSystemKind(type)
  if (kind === 'local') return { subject, value, verdict: 'right' }
  const lost: Verdict = holds === 'truth' ? 'wrong' : 'doubtful'
  if (kind === 'network')
    return {
      ...{ subject, value: `${value}, over a network`, verdict: 'wrong' },
      fix: 'put the folder on a disk of this machine: locks and shared memory do not work across a network, and two processes would damage it',
    }
  if (kind === 'memory')
    return {
      ...{ subject, value: `${value}, in memory`, verdict: lost },
      fix: 'put the folder on a disk: this one is empty after a restart of the machine',
    }
  if (kind === 'container')
    return {
      ...{
        subject,
        value: `${value}, a layer of a container`,
        verdict: lost === 'wrong' ? 'doubtful' : 'right',
      },
      ...(lost === 'wrong' && { fix: 'mount a volume there: this folder is deleted with the container' }),
    }
  return {
    ...{ subject, value, verdict: 'unknown' },
    fix: 'see that it is on a disk of this machine: locks do not work across a network',
  }
}

/** Whether there is room. @param bytes - undefined: not known */
export function judgeFreeBytes(subject: string, bytes: number | undefined): Finding {
  if (bytes === undefined)
    return { subject, value: 'cannot be told', verdict: 'unknown', fix: 'see that the disk has room' }
  const value = `${Math.floor(bytes / MIB).toLocaleString('en-US')} MiB`
  if (bytes >= FREE_BYTES) return { subject, value, verdict: 'right' }
  return {
    ...{ subject, value, verdict: bytes < LEAST_FREE_BYTES ? 'wrong' : 'doubtful' },
    fix: 'make room: on a full disk nothing more is written',
  }
}

async function writable(subject: string, path: string): Promise<Finding> {
  try {
    await access(path, constants.W_OK | constants.X_OK)
    return { subject, value: 'can be written', verdict: 'right' }
  } catch (error) {
    return {
      ...{ subject, value: (error as Error).message, verdict: 'wrong' },
      fix: 'give the user of the process the right to write there',
    }
  }
}

/** The folder, or the nearest one above it that is there: where it would be made. */
async function nearestExisting(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch {
    return path === dirname(path) ? path : nearestExisting(dirname(path))
  }
}

async function typeAt(path: string): Promise<string | undefined> {
  try {
    return mountOf(await readFile('/proc/self/mountinfo', 'utf8'), path)?.type
  } catch {
    return undefined // no Linux
  }
}

async function freeBytesAt(path: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(path)
    return bavail * bsize
  } catch {
    return undefined
  }
}
