import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Broker } from './broker.js'
import { freePorts } from '../../servers/free-ports.js'
import { fetchJars } from './jars.js'
import { securedListeners } from './secured.js'

/** What kind of cluster to start. */
export interface ClusterOptions {
  /** Default 1. */
  readonly brokers?: 1 | 3
  /** Further lines of server.properties. */
  readonly settings?: Readonly<Record<string, string>>
  /** Quick to start, or quick in the long run. Default `'start'`. */
  readonly tuned?: 'start' | 'speed'
  /** Advertises a second listener `PROXY` at these ports, one a broker, for a proxy in between. */
  readonly proxied?: boolean
  /** Adds listeners with SASL and TLS, for users with these passwords, who may do only what ACLs let them. One broker only. */
  readonly users?: Readonly<Record<string, string>>
}

/** A running cluster of real Apache Kafka; disposing it ends its processes and deletes its data. */
export interface Cluster extends AsyncDisposable {
  readonly brokers: readonly Broker[]
  /** `host:port` of each broker. */
  readonly addresses: readonly string[]
  /** For each broker: where the second listener listens, and the port that it is advertised at. */
  readonly proxies: readonly { readonly target: number; readonly advertised: number }[]
  /** `host:port` of the listeners with SASL and TLS, where there are users. */
  readonly secured: { readonly sasl: string; readonly tls: string; readonly certificate: string } | undefined
}

const JAVA = {
  start: ['-Xmx400m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'],
  speed: ['-Xmx900m', '-XX:+UseSerialGC'],
} as const

/** Starts brokers that are controllers too (KRaft). One takes 2 s. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { brokers: count = 1, settings = {}, tuned = 'start' } = options
  const jars = await fetchJars()
  const folder = mkdtempSync(join(tmpdir(), 'hindcast-kafka-'))
  const ports = await freePorts(count * 4)
  const portsOf = (node: number): readonly number[] => ports.slice((node - 1) * 4, node * 4)
  const nodes = Array.from({ length: count }, (_, i) => i + 1)
  const voters = nodes.map(node => `${node}@127.0.0.1:${portsOf(node)[1]}`).join(',')
  const clusterId = randomBytes(16).toString('base64url')
  const [saslPort, tlsPort] = await freePorts(2)
  const secured =
    options.users && (await securedListeners(join(folder, 'secured'), options.users, [saslPort!, tlsPort!]))
  const brokers = nodes.map(
    node =>
      new Broker({
        node,
        folder: join(folder, `broker-${node}`),
        jars,
        clusterId,
        javaOptions: JAVA[tuned],
        properties: {
          ...properties(node, count, voters, [
            ...ownListeners(portsOf(node), options.proxied ?? false),
            ...(secured?.listeners ?? []),
          ]),
          ...secured?.properties,
          ...settings,
        },
      }),
  )
  const dispose = async (): Promise<void> => {
    await Promise.all(brokers.map(broker => broker.signal('SIGKILL')))
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await Promise.all(brokers.map(broker => broker.start()))
  } catch (error) {
    await dispose()
    throw error
  }
  return {
    brokers,
    addresses: nodes.map(node => `127.0.0.1:${portsOf(node)[0]}`),
    proxies: nodes.map(node => ({ target: portsOf(node)[2]!, advertised: portsOf(node)[3]! })),
    secured: secured && {
      sasl: `127.0.0.1:${saslPort}`,
      tls: `127.0.0.1:${tlsPort}`,
      certificate: secured.certificate,
    },
    [Symbol.asyncDispose]: dispose,
  }
}

interface Listener {
  readonly name: string
  readonly address: string
  readonly protocol: string
  /** Where clients are sent, if not to the address. */
  readonly advertised?: string
}

function ownListeners(
  [client, controller, proxy, advertised]: readonly number[],
  proxied: boolean,
): readonly Listener[] {
  const listener = (name: string, port: number | undefined): Listener => ({
    name,
    address: `127.0.0.1:${port}`,
    protocol: 'PLAINTEXT',
  })
  return [
    listener('PLAINTEXT', client),
    listener('CONTROLLER', controller),
    ...(proxied ? [{ ...listener('PROXY', proxy), advertised: `127.0.0.1:${advertised}` }] : []),
  ]
}

function properties(
  node: number,
  count: number,
  voters: string,
  listeners: readonly Listener[],
): Record<string, string> {
  const forClients = listeners.filter(({ name }) => name !== 'CONTROLLER')
  return {
    'process.roles': 'broker,controller',
    'node.id': String(node),
    'controller.quorum.voters': voters,
    'controller.listener.names': 'CONTROLLER',
    listeners: listeners.map(({ name, address }) => `${name}://${address}`).join(','),
    'advertised.listeners': forClients
      .map(({ name, address, advertised = address }) => `${name}://${advertised}`)
      .join(','),
    'listener.security.protocol.map': listeners.map(({ name, protocol }) => `${name}:${protocol}`).join(','),
    'inter.broker.listener.name': 'PLAINTEXT',
    'offsets.topic.replication.factor': String(count),
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': String(count),
    'transaction.state.log.min.isr': String(Math.min(count, 2)),
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': String(count),
    'share.coordinator.state.topic.min.isr': String(Math.min(count, 2)),
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
    ...(count > 1 && QUICK_FAILOVER),
  }
}

/** A dead broker is noticed in seconds. */
const QUICK_FAILOVER = {
  'replica.lag.time.max.ms': '4000',
  'broker.session.timeout.ms': '4000',
  'broker.heartbeat.interval.ms': '500',
  'controller.quorum.election.timeout.ms': '1000',
  'controller.quorum.fetch.timeout.ms': '2000',
}
