import { randomBytes } from 'node:crypto'
import { closeSync, constants, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ReadModelFolderError, ReadModelInUseError } from '../error/errors.js'

const NAME = /^lock-(\d+)-[0-9a-f]{16}$/
/** How often two that start at the same moment step back for each other. */
const TRIES = 20

/** Whether a file of a folder belongs to its lock. */
export function isLockFile(name: string): boolean {
  return name.startsWith('lock-')
}

/**
 * Makes this process the only one that works on a folder, until it disposes the lock or ends, however it ends.
 *
 * Who wants the folder listens on a socket in it, then looks whether another socket there answers: the system answers for
 * a process that lives, also a frozen one, and refuses for one that was killed. Of two that look, at least one sees the
 * other, because each looks only after its own socket can be seen. A file with a process id in it could not say that: ids
 * are used again, and containers that share a folder have ids of their own.
 *
 * @throws ReadModelInUseError, ReadModelFolderError
 */
export async function lockFolder(folder: string): Promise<AsyncDisposable> {
  const place = openPlace(folder)
  try {
    for (let tries = 1; ; tries++) {
      const own = await Lock.listen(folder, place.path)
      const other = await livingLock(place.path, own.file)
      if (other === undefined) return place.release(own)
      await own.close()
      if (tries === TRIES) throw new ReadModelInUseError(folder, other)
      await sleep(5 + Math.random() * 25)
    }
  } catch (error) {
    place.close()
    throw error
  }
}

/** A short way to the folder: the path of a socket may have about 100 bytes only. */
function openPlace(folder: string): {
  readonly path: string
  close(): void
  release(lock: Lock): AsyncDisposable
} {
  const descriptor =
    process.platform === 'linux' ? openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY) : undefined
  const close = (): void => {
    if (descriptor !== undefined) closeSync(descriptor)
  }
  return {
    path: descriptor === undefined ? folder : `/proc/self/fd/${descriptor}`,
    close,
    release: lock => ({
      [Symbol.asyncDispose]: async () => {
        await lock.close()
        close()
      },
    }),
  }
}

class Lock {
  readonly file: string
  readonly #path: string
  readonly #server: Server

  private constructor(file: string, path: string, server: Server) {
    this.file = file
    this.#path = path
    this.#server = server
  }

  /** Listens under another name first: a socket that is not yet listened on looks like one of a dead process. */
  static async listen(folder: string, path: string): Promise<Lock> {
    const file = `lock-${process.pid}-${randomBytes(8).toString('hex')}`
    const server = createServer(socket => socket.destroy())
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(join(path, `${file}.new`), resolve)
      })
      server.unref()
      renameSync(join(path, `${file}.new`), join(path, file))
    } catch (error) {
      throw new ReadModelFolderError(
        folder,
        `it cannot be locked (${(error as Error).message}). Use a folder of a local disk that this user may write`,
        error,
      )
    }
    return new Lock(file, path, server)
  }

  async close(): Promise<void> {
    rmSync(join(this.#path, this.file), { force: true })
    await new Promise(resolve => this.#server.close(resolve))
  }
}

/** The process of another lock that lives; locks of dead ones are removed. */
async function livingLock(path: string, own: string): Promise<number | undefined> {
  for (const file of readdirSync(path)) {
    if (!isLockFile(file) || file === own) continue
    if (await answers(join(path, file))) {
      const pid = NAME.exec(file)?.[1]
      if (pid !== undefined) return Number(pid)
    } else if (NAME.test(file)) rmSync(join(path, file), { force: true })
  }
  return undefined
}

function answers(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    )
  })
}
