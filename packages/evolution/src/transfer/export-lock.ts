import { rmSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ExportInUseError } from './errors.js'

/**
 * Makes this process the only one of this machine that writes an export to a file, until it disposes the lock or ends, however
 * it ends: the system gives a name to one listener at a time, and takes it back from a process that was killed. A file beside
 * the export could not do that: it would stay behind.
 *
 * @throws ExportInUseError
 */
export async function lockExport(file: string, handle: FileHandle): Promise<AsyncDisposable> {
  const { dev, ino } = await handle.stat()
  const name = nameOf(`hindcast-export-${dev}-${ino}`)
  const server = await listen(name).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' || (await answers(name))) throw new ExportInUseError(file, error)
    // Where names are files, that of a killed process is left.
    rmSync(name, { force: true })
    return listen(name)
  })
  return { [Symbol.asyncDispose]: () => new Promise(resolve => server.close(() => resolve())) }
}

function nameOf(text: string): string {
  if (process.platform === 'linux') return `\0${text}`
  return process.platform === 'win32' ? `\\\\.\\pipe\\${text}` : join(tmpdir(), text)
}

function listen(name: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(socket => socket.destroy())
    server.once('error', reject)
    server.listen(name, () => resolve(server))
  })
}

function answers(name: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(name)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'))
  })
}
