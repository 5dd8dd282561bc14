import { createRequire } from 'node:module'
import type { KafkaConfig } from 'kafkajs'
import { TransportError } from './port.js'
import type { WireRequest } from './requests.js'
import { WireReader } from './wire.js'

/*
 * THE ONE FILE that touches the inside of kafkajs, which is frozen and pinned at 2.2.4. Its public producer has no call with
 * a given producer id and sequence, and its public consumer none for a plain fetch; the connections underneath have both,
 * and with them TLS, SASL and throttling. The interfaces say what is used of them, and no more.
 */

interface Connection {
  isConnected(): boolean
  connect(): Promise<unknown>
  send(request: object): Promise<unknown>
  rejectRequests(error: Error): void
  readonly requestQueue: { destroy(): void }
  readonly socket?: { destroy(): void }
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
    const { apiKey, apiVersion, apiName, body, read } = request
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    })
    const payload = { buf: body, buffer: body }
    const sent = this.pool.pool[lane].send({
      request: { apiKey, apiVersion, apiName, encode: async () => payload },
      response: {
        decode: async (bytes: Buffer) => {
          const reader = new WireReader(bytes)
          const answer = read(reader)
          return { clientSideThrottleTime: reader.throttleMs, answer }
        },
        parse: async (decoded: { answer: T }) => decoded.answer,
      },
      requestTimeout: timeoutMs + LATER_MS,
    })
    try {
      return (await Promise.race([sent, late])) as T
    } catch (error) {
      sent.catch(() => undefined)
      throw new TransportError(`${apiName} to ${this.address}: ${messageOf(error)}`, true, { cause: error })
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

/** kafkajs's timer must not come before ours. */
const LATER_MS = 1000

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
