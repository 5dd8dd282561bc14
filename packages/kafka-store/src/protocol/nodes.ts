import { KafkajsNode, type ConnectionOptions } from './kafkajs-node.js'
import { TransportError } from './port.js'
import type { WireRequest } from './requests.js'

/** The connections of one port, by address: opened when they are first needed, opened again after they were lost. */
export class Nodes {
  private readonly opened = new Map<string, Promise<KafkajsNode>>()
  private readonly ready = new Map<string, KafkajsNode>()
  private closed = false

  constructor(private readonly options: ConnectionOptions) {}

  /**
   * Sends a request. After a failure its connections are thrown away: behind a request without an answer every later one
   * would wait.
   *
   * @throws TransportError
   */
  async send<T>(address: string, lane: 0 | 1, request: WireRequest<T>, timeoutMs: number): Promise<T> {
    const node = await this.open(address)
    try {
      return await node.send(lane, request, timeoutMs)
    } catch (error) {
      this.discard(address, node)
      throw error
    }
  }

  /** The addresses with a connection, or one that is being opened. */
  get addresses(): string[] {
    return [...this.opened.keys()]
  }

  /** Ends all connections, for good. */
  close(): void {
    this.closed = true
    for (const node of this.ready.values()) node.close()
  }

  private async open(address: string): Promise<KafkajsNode> {
    for (;;) {
      if (this.closed) throw new TransportError('the connections were closed', false)
      const node = await this.opening(address)
      if (node.isOpen) return node
      this.discard(address, node)
    }
  }

  private opening(address: string): Promise<KafkajsNode> {
    const known = this.opened.get(address)
    if (known) return known
    const colon = address.lastIndexOf(':')
    const opening = KafkajsNode.open(
      address.slice(0, colon),
      Number(address.slice(colon + 1)),
      this.options,
    ).then(
      node => {
        this.ready.set(address, node)
        if (this.closed) node.close()
        return node
      },
      (error: unknown) => {
        this.opened.delete(address)
        throw error
      },
    )
    this.opened.set(address, opening)
    return opening
  }

  private discard(address: string, node: KafkajsNode): void {
    node.close()
    if (this.ready.get(address) !== node) return
    this.ready.delete(address)
    this.opened.delete(address)
  }
}
