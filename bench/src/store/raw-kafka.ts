import kafkajs, { type Message, type Producer } from 'kafkajs'
import type { RawLog } from './log-ground.js'

/** A topic of the raw library. */
export interface RawTopic {
  readonly brokers: readonly string[]
  readonly topic: string
  readonly partitions: number
}

/**
 * kafkajs's idempotent producer with acks=all. A single caller sends each value by itself; of several callers, the values
 * that come while a request is under way go together into the next one, which kafkajs does not do by itself.
 */
export class RawKafka implements RawLog {
  readonly #producer: Producer
  readonly #topic: string
  readonly #alone: boolean
  #waiting: {
    readonly message: Message
    readonly resolve: () => void
    readonly reject: (e: unknown) => void
  }[] = []
  #sending = false

  private constructor(producer: Producer, topic: string, callers: number) {
    this.#producer = producer
    this.#topic = topic
    this.#alone = callers === 1
  }

  /** Makes the topic, where it is missing, and connects. */
  static async connect({ brokers, topic, partitions }: RawTopic, callers: number): Promise<RawKafka> {
    const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING })
    const configEntries =
      brokers.length > 1 ? [{ name: 'min.insync.replicas', value: String(brokers.length - 1) }] : []
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({
      waitForLeaders: true,
      topics: [{ topic, numPartitions: partitions, replicationFactor: brokers.length, configEntries }],
    })
    await admin.disconnect()
    const producer = kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
    })
    await producer.connect()
    return new RawKafka(producer, topic, callers)
  }

  async append(stream: string, value: object): Promise<void> {
    const message = { key: stream, value: JSON.stringify(value) }
    if (this.#alone) return this.#send([message])
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({ message, resolve, reject })
      if (!this.#sending) void this.#pump()
    })
  }

  async #pump(): Promise<void> {
    this.#sending = true
    // What is called in the same turn of the event loop goes together.
    await new Promise(resolve => setImmediate(resolve))
    while (this.#waiting.length > 0) {
      const group = this.#waiting
      this.#waiting = []
      try {
        await this.#send(group.map(({ message }) => message))
        for (const { resolve } of group) resolve()
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    this.#sending = false
  }

  async #send(messages: Message[]): Promise<void> {
    await this.#producer.send({ topic: this.#topic, acks: -1, messages })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#producer.disconnect()
  }
}
