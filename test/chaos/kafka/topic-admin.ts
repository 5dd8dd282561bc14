import kafkajs, { type Admin } from 'kafkajs'
import type { Random } from '../random.js'
import { WRITER } from './writer-order.js'

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ConfigResourceTypes, ResourcePatternTypes } =
  kafkajs
const WRITERS = `User:${WRITER.username}`

/** What the run does with the topic as an administrator, past the proxies. */
export class TopicAdmin implements AsyncDisposable {
  private constructor(
    private readonly admin: Admin,
    private readonly topic: string,
  ) {}

  static async connect(brokers: readonly string[], topic: string): Promise<TopicAdmin> {
    const client = new kafkajs.Kafka({
      brokers: [...brokers],
      logLevel: kafkajs.logLevel.NOTHING,
      requestTimeout: 5000,
      retry: { retries: 30, maxRetryTime: 1000 },
    })
    const admin = client.admin()
    await admin.connect()
    return new TopicAdmin(admin, topic)
  }

  /** The broker that leads one of the partitions. */
  async someLeader(random: Random): Promise<number> {
    // Drawn in any case: what comes later must not hang on what is led now.
    const choice = random.next()
    const { topics } = await this.admin.fetchTopicMetadata({ topics: [this.topic] })
    const led = (topics[0]?.partitions ?? []).filter(({ leader }) => leader >= 0)
    return led[Math.floor(choice * led.length)]?.leader ?? -1
  }

  /** Lets the writers use the topic, which nobody may who is not named once a rule stands. */
  async allowWriters(): Promise<void> {
    await this.admin.createAcls({
      acl: [this.rule(AclOperationTypes.ALL, AclPermissionTypes.ALLOW)],
    })
  }

  /** Forbids the writers to write, or lets them again. */
  async forbidWriting(isForbidden: boolean): Promise<void> {
    const rule = this.rule(AclOperationTypes.WRITE, AclPermissionTypes.DENY)
    if (isForbidden) await this.admin.createAcls({ acl: [rule] })
    else await this.admin.deleteAcls({ filters: [rule] })
  }

  /** Sets the topic's max.message.bytes; undefined makes it the default again. */
  async limitMessages(bytes: number | undefined): Promise<void> {
    const resource = { type: ConfigResourceTypes.TOPIC, name: this.topic }
    const { resources } = await this.admin.describeConfigs({ includeSynonyms: false, resources: [resource] })
    const set = (resources[0]?.configEntries ?? [])
      .filter(({ configName, isDefault }) => !isDefault && configName !== LIMIT)
      .map(({ configName, configValue }) => ({ name: configName, value: configValue }))
    const limit = bytes === undefined ? [] : [{ name: LIMIT, value: String(bytes) }]
    await this.admin.alterConfigs({
      validateOnly: false,
      resources: [{ ...resource, configEntries: [...set, ...limit] }],
    })
  }

  /** Where each partition ends. */
  async ends(): Promise<string[]> {
    const ends: string[] = []
    for (const { partition, high } of await this.admin.fetchTopicOffsets(this.topic)) ends[partition] = high
    return ends
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.admin.disconnect()
  }

  private rule(
    operation: kafkajs.AclOperationTypes,
    permissionType: kafkajs.AclPermissionTypes,
  ): kafkajs.AclEntry {
    return {
      principal: WRITERS,
      host: '*',
      operation,
      permissionType,
      resourceType: AclResourceTypes.TOPIC,
      resourceName: this.topic,
      resourcePatternType: ResourcePatternTypes.LITERAL,
    }
  }
}

const LIMIT = 'max.message.bytes'
