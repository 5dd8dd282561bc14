import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import type { KafkaConfig } from 'kafkajs'
import { TransportError } from './port.js'
import type { WireRequest } from './requests.js'
import { WireReader, WireWriter } from './wire.js'

/*
 * THE ONE FILE that touches the inside of kafkajs, which is frozen and pinned at 2.2.4. Its public producer has no call with
 * a given producer id and sequence, and its public consumer none for a plain fetch; the connections underneath have both,
 * and with them TLS, SASL and throttling. The interfaces say what is used of them, and no more.
 */

interface Connection {
  readonly clientId: string
  readonly requestQueue: RequestQueue
  readonly socket?: Socket
  isConnected(): boolean
  /** Throws when it is not connected. */
  failIfNotConnected(): void
  connect(): Promise<unknown>
  /** False also when it is time to do it again. */
  isAuthenticated(): boolean
  authenticate(): Promise<void>
  nextCorrelationId(): number
  rejectRequests(error: Error): void
}

/** Holds requests back while the broker throttles, and finds the one that an answer belongs to. */
interface RequestQueue {
  push(request: object): void
  maybeThrottle(ms: number): void
  destroy(): void
}

interface ConnectionPool {
  readonly pool: readonly [Connection, Connection]
}

interface KafkajsBroker {
  connect(): Promise<void>
}

type Logger = { namespace(name: string): Logger }

const require = createRequire(import.meta.url)
const connectionPoolBuilder = require('kafkajs/src/cluster/connectionPoolBuilder') as (options: object) => {
  build(at: { host: string; port: number }): Promise<ConnectionPool>
}
const KafkajsBroker = require('kafkajs/src/broker') as new (options: object) => KafkajsBroker
const socketFactory = require('kafkajs/src/network/socketFactory') as () => object

const silent: Logger & Record<string, unknown> = {
  namespace: () => silent,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/** How to reach brokers: what of kafkajs's own configuration is passed through. */
export type ConnectionOptions = Pick<
  KafkaConfig,
  'clientId' | 'ssl' | 'sasl' | 'connectionTimeout' | 'authenticationTimeout' | 'reauthenticationThreshold'
>

/** Two connections to one broker: Kafka answers the requests of a connection one after the other. */
export class KafkajsNode {
  private constructor(
    private readonly address: string,
    private readonly pool: ConnectionPool,
  ) {}

  /** Connects and authenticates. @throws TransportError with kafkajs's error as its cause */
  static async open(host: string, port: number, options: ConnectionOptions): Promise<KafkajsNode> {
    const { authenticationTimeout = 10_000 } = options
    const pool = await connectionPoolBuilder({
      logger: silent,
      socketFactory: socketFactory(),
      brokers: [`${host}:${port}`],
      requestTimeout: options.connectionTimeout,
      // Own timers are used: those of kafkajs do not run for a request that it holds back.
      enforceRequestTimeout: true,
      ...options,
    }).build({ host, port })
    const node = new KafkajsNode(`${host}:${port}`, pool)
    try {
      await new KafkajsBroker({ connectionPool: pool, logger: silent, authenticationTimeout }).connect()
      await pool.pool[1].connect()
      return node
    } catch (error) {
      node.close()
      throw new TransportError(`no connection to ${node.address}: ${messageOf(error)}`, false, {
        cause: error,
      })
    }
  }

  /** False when one of the connections has ended. */
  get isOpen(): boolean {
    return this.pool.pool.every(connection => connection.isConnected())
  }

  /**
   * Sends a request and reads the answer.
   *
   * @param lane - 0 or 1: which of the connections
   * @throws TransportError
   */
  async send<T>(lane: 0 | 1, request: WireRequest<T>, timeoutMs: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    })
    const sent = exchange(this.pool.pool[lane], request, timeoutMs + LATER_MS)
    try {
      return await Promise.race([sent, late])
    } catch (error) {
      sent.catch(() => undefined)
      throw new TransportError(`${request.apiName} to ${this.address}: ${messageOf(error)}`, true, {
        cause: error,
      })
    } finally {
      clearTimeout(timer)
    }
  }

  /** Ends the connections at once; what is under way fails. */
  close(): void {
    for (const connection of this.pool.pool) {
      connection.socket?.destroy()
      connection.rejectRequests(new Error('the connection was closed'))
      connection.requestQueue.destroy()
    }
  }
}

/**
 * Sends a request and reads its answer: what `connection.send` of kafkajs does, which copies a request three times.
 */
async function exchange<T>(
  connection: Connection,
  { apiKey, apiVersion, apiName, body, read }: WireRequest<T>,
  requestTimeout: number,
): Promise<T> {
  if (!connection.isAuthenticated()) await connection.authenticate()
  connection.failIfNotConnected()
  const { requestQueue } = connection
  const correlationId = connection.nextCorrelationId()
  const [head] = new WireWriter()
    .int32(HEAD_BYTES + Buffer.byteLength(connection.clientId) + lengthOf(body))
    .int16(apiKey)
    .int16(apiVersion)
    .int32(correlationId)
    .string(connection.clientId)
    .end()
  const { payload } = await new Promise<{ readonly payload: Buffer }>((resolve, reject) => {
    requestQueue.push({
      entry: { apiKey, apiName, apiVersion, correlationId, resolve, reject },
      expectResponse: true,
      requestTimeout,
      sendRequest: () => {
        connection.failIfNotConnected()
        write(connection.socket!, [head!, ...body])
      },
    })
  })
  const reader = new WireReader(payload)
  const answer = read(reader)
  requestQueue.maybeThrottle(reader.throttleMs)
  return answer
}

/** Of the head of a request, behind its length and without the client's id. */
const HEAD_BYTES = 10

function lengthOf(pieces: readonly Buffer[]): number {
  let length = 0
  for (const piece of pieces) length += piece.length
  return length
}

/** Hands all pieces to the system at once. */
function write(socket: Socket, pieces: readonly Buffer[]): void {
  socket.cork()
  for (const piece of pieces) socket.write(piece)
  socket.uncork()
}

/** kafkajs's timer must not come before ours. */
const LATER_MS = 1000

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
