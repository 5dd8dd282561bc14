import { rmSync } from 'node:fs'
import type { EventStore } from '@hindcast/core'
import { onTestFinished } from 'vitest'
import type { KafkaPort } from '../../../src/protocol/port.js'
import { openPort } from '../../../src/store/connect.js'
import { openStore } from '../../../src/store/open-store.js'
import { settle, type KafkaOptions } from '../../../src/store/options.js'
import { FaultyPort } from './faulty-port.js'
import { brokers } from '../../../../../test/servers/suites.js'
import { hostWith, newFolder, newTopic } from './place.js'

/** A store on the real broker, with ports on which things can go wrong. */
export interface Stage {
  readonly store: EventStore
  readonly topic: string
  readonly dataDir: string
  /** For appends, and for the fetches of readers and writers. */
  readonly port: FaultyPort
  /** For the long fetches that learn of other writers. */
  readonly tail: FaultyPort
}

/** How a stage is set. */
export interface StageOptions extends Partial<KafkaOptions> {
  /** Does not hear of other writers until it reads: what another process appends comes as a surprise. */
  readonly deaf?: boolean
  /** Told of each port before it is used: first that for appends, then that for the tails. */
  readonly onOpened?: (port: FaultyPort) => void
}

const DEAF_MS = 20

/** Opens a store on a new topic of one partition, unless a topic is named. It closes with the test. */
export async function openStage({
  deaf = false,
  onOpened = () => undefined,
  ...options
}: StageOptions = {}): Promise<Stage> {
  const { topic = newTopic(), dataDir = newFolder() } = options
  const settings = settle({ brokers, partitions: 1, ...options, topic, dataDir })
  const ports: FaultyPort[] = []
  const connect: typeof openPort = (...given): KafkaPort => {
    const port = new FaultyPort(openPort(...given))
    ports.push(port)
    if (deaf && ports.length === 2) port.onFetch = hearNothing
    onOpened(port)
    return port
  }
  const opening = openStore(settings, hostWith(), connect)
  opening.catch(() => undefined)
  onTestFinished(async () => {
    for (const port of ports) port.otherwise = async () => Promise.reject(new Error('the test is over'))
    await (await opening.catch(() => undefined))?.[Symbol.asyncDispose]()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const store = await opening
  const [port, tail] = ports as [FaultyPort, FaultyPort]
  port.sent.length = 0
  return { store, topic, dataDir, port, tail }
}

/** Another process on the same log. */
export function openRival(stage: Stage, options: StageOptions = {}): Promise<Stage> {
  return openStage({ ...options, topic: stage.topic })
}

async function hearNothing(): Promise<[]> {
  await new Promise(resolve => setTimeout(resolve, DEAF_MS))
  return []
}
