import { hedge } from './hedge.js'
import type { ConnectionOptions } from './kafkajs-node.js'
import { Nodes } from './nodes.js'
import {
  TransportError,
  type EndAnswer,
  type FetchAnswer,
  type FetchLimits,
  type FetchPlace,
  type KafkaPort,
  type ProduceAnswer,
  type TopicMetadata,
} from './port.js'
import { ProduceLane } from './produce-lane.js'
import { endRequest, fetchRequest, metadataRequest, produceRequest, type ClusterAnswer } from './requests.js'

/** How a port is opened. */
export interface PortOptions extends ConnectionOptions {
  /** `host:port` of some brokers; the others are learned. */
  readonly brokers: readonly string[]
  readonly topic: string
  /** How long a broker may take to answer what it need not wait for. */
  readonly requestTimeoutMs: number
  /** Told of every answer of the cluster about the topic. */
  readonly onMetadata?: ((metadata: TopicMetadata) => void) | undefined
}

/** A silent broker is given so long before the next one is asked too. */
const STAGGER_MS = 500
const NOTHING: TopicMetadata = { errorCode: 0, leaders: [], replicas: 0 }

/** The port over kafkajs's connections. Fetches have a connection of their own, since a long one holds up what is behind it. */
export class KafkajsPort implements KafkaPort {
  readonly topic: string
  metadata: TopicMetadata = NOTHING
  private addresses = new Map<number, string>()
  private readonly nodes: Nodes
  private readonly lanes = new Map<string, ProduceLane>()
  private refreshing: Promise<TopicMetadata> | undefined

  constructor(private readonly options: PortOptions) {
    this.topic = options.topic
    this.nodes = new Nodes(options)
  }

  refresh(): Promise<TopicMetadata> {
    this.refreshing ??= this.ask().finally(() => (this.refreshing = undefined))
    return this.refreshing
  }

  async produce(partition: number, batch: Buffer, timeoutMs: number): Promise<ProduceAnswer> {
    return this.laneTo(this.leaderOf(partition)).add({ partition, bytes: batch }, timeoutMs)
  }

  async fetch(node: number, places: readonly FetchPlace[], limits: FetchLimits): Promise<FetchAnswer[]> {
    const request = fetchRequest(this.topic, places, limits)
    const timeoutMs = this.options.requestTimeoutMs + limits.maxWaitMs
    return this.nodes.send(this.addressOf(node), 1, request, timeoutMs)
  }

  async end(partition: number): Promise<EndAnswer> {
    const request = endRequest(this.topic, partition)
    return this.nodes.send(this.leaderOf(partition), 0, request, this.options.requestTimeoutMs)
  }

  close(): void {
    this.nodes.close()
  }

  private laneTo(address: string): ProduceLane {
    let lane = this.lanes.get(address)
    if (!lane) {
      lane = new ProduceLane((batches, timeoutMs) =>
        this.nodes.send(address, 0, produceRequest(this.topic, batches, timeoutMs), timeoutMs),
      )
      this.lanes.set(address, lane)
    }
    return lane
  }

  private async ask(): Promise<TopicMetadata> {
    const known = new Set([...this.nodes.addresses, ...this.addresses.values(), ...this.options.brokers])
    const request = metadataRequest(this.topic)
    const answer = await hedge([...known], STAGGER_MS, address =>
      this.nodes.send(address, 0, request, this.options.requestTimeoutMs),
    )
    this.addresses = new Map(answer.brokers.map(({ node, host, port }) => [node, `${host}:${port}`]))
    this.metadata = topicMetadata(answer)
    this.options.onMetadata?.(this.metadata)
    return this.metadata
  }

  private leaderOf(partition: number): string {
    const leader = this.metadata.leaders[partition] ?? -1
    if (leader < 0) throw new TransportError(`partition ${partition} has no leader now`, false)
    return this.addressOf(leader)
  }

  private addressOf(node: number): string {
    const address = this.addresses.get(node)
    if (!address) throw new TransportError(`broker ${node} is not known`, false)
    return address
  }
}

function topicMetadata({ errorCode, partitions }: ClusterAnswer): TopicMetadata {
  const leaders: number[] = []
  for (const { partition, leader } of partitions) leaders[partition] = leader
  const replicas = partitions.find(({ partition }) => partition === 0)?.replicas ?? 0
  return { errorCode, leaders: Array.from(leaders, leader => leader ?? -1), replicas }
}
