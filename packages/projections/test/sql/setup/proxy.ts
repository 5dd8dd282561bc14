import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'

/** ReadyForQuery in the protocol of PostgreSQL. */
const READY_BYTES = 6

/** Stands between the store and the server, and can cut. */
export class Proxy {
  readonly #server: Server
  readonly #target: URL
  readonly #pairs = new Set<readonly [Socket, Socket]>()
  #refusing = false
  #roundTrips = 0
  #silent = false
  #silencing: string | undefined
  #swallowing: string | undefined
  #swallowed: () => void = () => undefined
  #inPieces = false

  private constructor(target: URL) {
    this.#target = target
    this.#server = createServer(client => this.#join(client))
  }

  static async to(target: URL): Promise<Proxy> {
    const proxy = new Proxy(target)
    await new Promise<void>(resolve => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  url(url: string): string {
    const own = new URL(url)
    own.hostname = '127.0.0.1'
    own.port = String((this.#server.address() as AddressInfo).port)
    return own.href
  }

  /** Cuts every connection. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy()
  }

  refuse(refusing: boolean): void {
    this.#refusing = refusing
  }

  /** How often somebody has spoken to the server who had heard an answer to what was said before. */
  get roundTrips(): number {
    return this.#roundTrips
  }

  /** Brings no answer any more on the connections that are there and those that come, and cuts none, until it is told otherwise. */
  fallSilent(silent: boolean): void {
    this.#silent = silent
  }

  /** Brings no answer any more on a connection from a statement with the text on, and cuts it not. */
  fallSilentAt(statement: string): void {
    this.#silencing = statement
  }

  /** Holds back the end of each answer, by which the server says that it is ready for the next statement. */
  answerInPieces(inPieces: boolean): void {
    this.#inPieces = inPieces
  }

  /** Lets a COMMIT through, when its message has the text, and cuts instead of bringing its answer. */
  swallowAnswersTo(commit: string | undefined, swallowed: () => void = () => undefined): void {
    this.#swallowing = commit
    this.#swallowed = swallowed
  }

  close(): void {
    this.cut()
    this.#server.close()
  }

  #join(client: Socket): void {
    if (this.#refusing) return void client.destroy()
    const server = connect(Number(this.#target.port || 5432), this.#target.hostname)
    const pair = [client, server] as const
    this.#pairs.add(pair)
    let swallow = false
    let silent = false
    let answered = true
    client.on('data', data => {
      if (answered) this.#roundTrips++
      answered = false
      if (this.#silencing !== undefined && data.includes(this.#silencing)) silent = true
      if (this.#swallowing !== undefined && data.includes(this.#swallowing)) swallow = true
      server.write(data)
    })
    server.on('data', data => {
      answered = true
      silent ||= this.#silent
      if (silent) return
      // Answers to what was sent in front of it may come first.
      if (swallow && data.includes('COMMIT\0')) {
        this.#swallowed()
        for (const socket of pair) socket.destroy()
      } else if (this.#inPieces) {
        client.write(data.subarray(0, -READY_BYTES))
        setTimeout(() => client.write(data.subarray(-READY_BYTES)), 50)
      } else client.write(data)
    })
    for (const socket of pair) {
      socket.on('error', () => undefined)
      socket.on('close', () => {
        this.#pairs.delete(pair)
        for (const other of pair) other.destroy()
      })
    }
  }
}
