import { once } from 'node:events'
import { Duplex } from 'node:stream'
import { Worker } from 'node:worker_threads'

/** Seen from here and from the built code alike: threads cannot run TypeScript. */
const THREAD = new URL('../../dist/driver/pglite-thread.js', import.meta.url)

const STACK_MIB = 16

/**
 * The way to a PGlite that runs in a thread of its own: to `pg` it looks like the socket of a server.
 *
 * In the main thread every statement would keep commands, timers and sockets of the process waiting, and because nothing is
 * appended meanwhile, no batch would ever grow: each event would cost a transaction.
 */
export class PgliteSocket extends Duplex {
  readonly #thread: Worker
  #ended = false

  private constructor(thread: Worker) {
    super()
    this.#thread = thread
    thread.on('message', (bytes: Uint8Array) => this.push(bytes))
    thread.on('error', error => this.destroy(error))
    thread.on('exit', () => {
      this.#ended = true
      this.push(null)
      this.destroy()
    })
  }

  /** Opens the PGlite in a data folder, or makes one. @throws what PGlite says */
  static async open(folder: string): Promise<PgliteSocket> {
    const thread = new Worker(THREAD, {
      workerData: folder,
      // Without the flags of this process: some of them, --input-type for one, are none for a thread.
      execArgv: [],
      // With less, PostgreSQL does not come to say "stack depth limit exceeded": a deep recursion hangs the thread.
      resourceLimits: { stackSizeMb: STACK_MIB },
    })
    await firstMessage(thread)
    return new PgliteSocket(thread)
  }

  /** Ends the thread when it has not ended by itself; afterwards nobody works on the folder. */
  async stop(): Promise<void> {
    if (!this.#ended) await this.#thread.terminate()
  }

  connect(): this {
    queueMicrotask(() => this.emit('connect'))
    return this
  }
  setNoDelay(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }

  override _read(): void {
    // The thread sends what it has.
  }
  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.#send(chunk)
    done()
  }
  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)))
    done()
  }

  #send(bytes: Buffer): void {
    const copy = new Uint8Array(bytes)
    this.#thread.postMessage(copy, [copy.buffer])
  }
}

async function firstMessage(thread: Worker): Promise<void> {
  const over = new AbortController()
  const { signal } = over
  const ended = async (): Promise<never> => {
    const [code] = (await once(thread, 'exit', { signal })) as [number]
    throw new Error(`its thread ended with code ${code}`)
  }
  try {
    await Promise.race([once(thread, 'message', { signal }), ended()])
  } finally {
    over.abort()
  }
}
