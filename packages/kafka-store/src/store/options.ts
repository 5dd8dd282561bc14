import { HindcastError } from '@hindcast/core'
import type { KafkaConfig } from 'kafkajs'

/** What {@link kafka} is told. */
export interface KafkaOptions {
  /** `host:port` of one or more brokers; the others are learned from them. */
  readonly brokers: readonly string[]
  /** The topic that is the log, and nothing else. */
  readonly topic: string
  /** How many partitions a new topic gets, for ever: 1 to 10,000. Default 8; an existing topic keeps its own number. */
  readonly partitions?: number
  /** How many replicas a new topic gets. Default: 3, or as many as there are brokers. */
  readonly replicationFactor?: number
  /** Makes the topic when it is missing. Default true, except in a process that has only workers. */
  readonly createTopic?: boolean
  /** The folder of this process's index, which is filled from the topic. Default `./data/index`. A process with only workers has none. */
  readonly dataDir?: string
  /**
   * Keeps snapshots also in the compacted topic `<topic>.snapshots`, so that a process with a new index has them. It is made when it is
   * missing. Default false: each process has those that it took.
   */
  readonly snapshotTopic?: boolean
  /** TLS, as kafkajs takes it: true, or options of node:tls. */
  readonly ssl?: KafkaConfig['ssl']
  /** Authentication, as kafkajs takes it. */
  readonly sasl?: KafkaConfig['sasl']
  /** How this process names itself to brokers. Default `hindcast`. */
  readonly clientId?: string
  /**
   * The first part of the names of the consumer groups by which projection workers share partitions. Read models that are
   * kept apart, on one log, need different ones. Default `hindcast`.
   */
  readonly group?: string
  /** After so long without a sign of life, a worker's partitions go to others, in milliseconds: 100 or more. Default 10,000. */
  readonly sessionTimeoutMs?: number
  /** How long to wait for a connection, in milliseconds. Default 3,000. */
  readonly connectionTimeoutMs?: number
  /** How long to wait for one answer of a broker, in milliseconds; then the same is asked again. Default 5,000. */
  readonly requestTimeoutMs?: number
  /** How long to look for a cluster at start before giving up, in milliseconds. Default 30,000. */
  readonly startTimeoutMs?: number
  /**
   * How long an append may take before it is answered with an error, in milliseconds; so long a look at the log's end (`fresh`) may
   * get on in nothing before BrokersUnreachableError. Default 30,000.
   */
  readonly appendTimeoutMs?: number
  /**
   * A process whose last proof that it knew the end of a partition is older reads to the end before it appends there, in
   * milliseconds. It keeps the topic clean, safety does not rest on it. Default 300,000.
   */
  readonly maxStalenessMs?: number
  /** Told how far the index is, about once a second, while it is filled at start. */
  readonly onProgress?: (progress: IndexProgress) => void
}

/** How far the index is. */
export interface IndexProgress {
  /** Records that are read, and those that there were at start. */
  readonly read: number
  /** Records that there were at start. */
  readonly total: number
}

/** The options with their defaults. */
export interface KafkaSettings extends Required<
  Omit<KafkaOptions, 'ssl' | 'sasl' | 'partitions' | 'replicationFactor' | 'createTopic' | 'onProgress'>
> {
  readonly partitions: number | undefined
  readonly replicationFactor: number | undefined
  readonly createTopic: boolean | undefined
  readonly ssl: KafkaOptions['ssl']
  readonly sasl: KafkaOptions['sasl']
  readonly onProgress: (progress: IndexProgress) => void
  /** How often the topic is looked at again, in milliseconds: once an hour. */
  readonly recheckMs: number
}

/** An option of {@link kafka} cannot be used. */
export class KafkaOptionError extends HindcastError<'HC_KAFKA_OPTION'> {
  override readonly name = 'KafkaOptionError'
  constructor(option: string, value: unknown, rule: string) {
    const shown = JSON.stringify(value) ?? String(value)
    super('HC_KAFKA_OPTION', `kafka({ ${option}: ${shown} }) is refused: ${rule}`, {
      option,
      value: shown,
      rule,
    })
  }
}

const TOPIC = /^[A-Za-z0-9._-]{1,249}$/
const ADDRESS = /^.+:\d{1,5}$/
const LONGEST_GROUP = 100
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** Checks the options. @throws KafkaOptionError */
export function settle(options: KafkaOptions): KafkaSettings {
  const { brokers, topic, dataDir = './data/index', clientId = 'hindcast', group = 'hindcast' } = options
  if (!Array.isArray(brokers) || brokers.length === 0)
    throw new KafkaOptionError('brokers', brokers, 'it is not a list of "host:port" with at least one')
  for (const broker of brokers)
    if (typeof broker !== 'string' || !ADDRESS.test(broker))
      throw new KafkaOptionError('brokers', brokers, `${JSON.stringify(broker)} is not "host:port"`)
  if (typeof topic !== 'string' || !TOPIC.test(topic) || topic === '.' || topic === '..')
    throw new KafkaOptionError('topic', topic, 'it is not 1 to 249 letters, digits, ".", "_" and "-"')
  if (typeof group !== 'string' || group.length === 0 || group.length > LONGEST_GROUP)
    throw new KafkaOptionError('group', group, `it is not a text of 1 to ${LONGEST_GROUP} characters`)
  if (typeof dataDir !== 'string' || dataDir.length === 0)
    throw new KafkaOptionError('dataDir', dataDir, 'it is not the path of a folder')
  return {
    brokers,
    topic,
    dataDir,
    clientId,
    group,
    sessionTimeoutMs: optionalWhole(options, 'sessionTimeoutMs', 100, DAY_MS) ?? 10_000,
    partitions: optionalWhole(options, 'partitions', 1, 10_000),
    replicationFactor: optionalWhole(options, 'replicationFactor', 1, 100),
    createTopic: options.createTopic,
    snapshotTopic: options.snapshotTopic ?? false,
    ssl: options.ssl,
    sasl: options.sasl,
    connectionTimeoutMs: optionalWhole(options, 'connectionTimeoutMs', 1, DAY_MS) ?? 3000,
    requestTimeoutMs: optionalWhole(options, 'requestTimeoutMs', 1, DAY_MS) ?? 5000,
    startTimeoutMs: optionalWhole(options, 'startTimeoutMs', 1, DAY_MS) ?? 30_000,
    appendTimeoutMs: optionalWhole(options, 'appendTimeoutMs', 1, DAY_MS) ?? 30_000,
    maxStalenessMs: optionalWhole(options, 'maxStalenessMs', 1, DAY_MS) ?? 300_000,
    onProgress: options.onProgress ?? (() => undefined),
    recheckMs: HOUR_MS,
  }
}

function optionalWhole(
  options: KafkaOptions,
  option: keyof KafkaOptions,
  minimum: number,
  maximum: number,
): number | undefined {
  const value = options[option]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isInteger(value) || value < minimum || value > maximum)
    throw new KafkaOptionError(option, value, `it is not a whole number of ${minimum} to ${maximum}`)
  return value
}
