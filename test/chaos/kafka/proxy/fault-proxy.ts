import { createServer, connect, type Server, type Socket } from 'node:net'
import type { Random } from '../../random.js'
import type { FaultLog } from '../faults/fault-log.js'
import { ProxiedConnection } from './proxied-connection.js'
import type { Recording } from './recording.js'

/** What the connections through a proxy share. */
export interface ProxySetting {
  readonly random: Random
  readonly faults: FaultLog
  readonly recording: Recording
  /** False when everything is to pass as it is. */
  readonly isRough: () => boolean
}

/** Stands between clients and one broker, and treats their requests and answers badly. */
export class FaultProxy {
  private readonly server: Server
  private readonly sockets = new Set<Socket>()

  private constructor(target: number, setting: ProxySetting) {
    this.server = createServer(client => {
      const broker = connect(target, '127.0.0.1')
      const end = (): void => {
        client.destroy()
        broker.destroy()
      }
      for (const socket of [client, broker]) {
        this.sockets.add(socket)
        socket.setNoDelay(true)
        socket.on('error', end)
        socket.on('close', () => {
          this.sockets.delete(socket)
          end()
        })
      }
      const connection = new ProxiedConnection(client, broker, setting)
      client.on('data', chunk => connection.fromClient(chunk))
      broker.on('data', chunk => connection.fromBroker(chunk))
    })
  }

  /** Listens at a port, and passes on to another one. */
  static async start(port: number, target: number, setting: ProxySetting): Promise<FaultProxy> {
    const proxy = new FaultProxy(target, setting)
    await new Promise<void>((resolve, reject) => {
      proxy.server.once('error', reject)
      proxy.server.listen(port, '127.0.0.1', resolve)
    })
    return proxy
  }

  close(): void {
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
  }
}
