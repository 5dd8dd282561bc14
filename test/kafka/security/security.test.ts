import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { partitionOf, systemClock, uuidV7Source, type EventStore } from '@hindcast/core'
import { kafka, kafkaOwnership, type KafkaOptions } from '@hindcast/kafka-store'
import kafkajs, { type AclEntry, type AclOperationTypes, type AclResourceTypes, type Admin } from 'kafkajs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startCluster, type Cluster } from '../cluster/cluster.js'
import { ownClusterSuite } from '../cluster/own-cluster-suite.js'

const PASSWORDS = { writer: 'writes', worker: 'reads', nobody: 'nothing', blind: 'describes' }
const STREAM = 'account-acc-1'
/** What is refused must be refused in less than this, and than startTimeoutMs, 30 s, after which every failure is told. */
const SOON_MS = 25_000
const { AclOperationTypes: may, AclResourceTypes: on } = kafkajs
const folder = mkdtempSync(join(tmpdir(), 'hindcast-kafka-security-'))

let cluster: Cluster
let admin: Admin
const topic = `bank-${randomUUID()}`

function as(user: keyof typeof PASSWORDS, password: string = PASSWORDS[user]): KafkaOptions {
  return {
    brokers: [cluster.secured!.sasl],
    topic,
    partitions: 2,
    dataDir: join(folder, user),
    sasl: { mechanism: 'plain', username: user, password },
    group: 'app',
  }
}

function open(options: KafkaOptions, run: 'all' | 'workers'): Promise<EventStore> {
  return kafka(options)({ clock: systemClock, ids: uuidV7Source(), run })
}

function append(store: EventStore): Promise<unknown> {
  const events = [{ id: randomUUID(), type: 'account.opened', schemaVersion: 1, data: '{}' }]
  return store.append([{ stream: STREAM, expected: 'any', events }], { commandId: randomUUID() })
}

async function allow(
  user: string,
  operations: readonly AclOperationTypes[],
  resourceType: AclResourceTypes = on.TOPIC,
  name = topic,
): Promise<void> {
  const acl = operations.map((operation): AclEntry => ({
    resourceType,
    resourceName: name,
    resourcePatternType: kafkajs.ResourcePatternTypes.PREFIXED,
    principal: `User:${user}`,
    host: '*',
    operation,
    permissionType: kafkajs.AclPermissionTypes.ALLOW,
  }))
  await admin.createAcls({ acl })
}

ownClusterSuite('a broker that lets in only who is known, and lets do only what is allowed', () => {
  beforeAll(async () => {
    cluster = await startCluster({ users: PASSWORDS })
    admin = new kafkajs.Kafka({ brokers: [...cluster.addresses], logLevel: kafkajs.logLevel.NOTHING }).admin()
    await admin.connect()
    await allow('writer', [may.CREATE, may.DESCRIBE, may.DESCRIBE_CONFIGS, may.READ, may.WRITE])
    await allow('worker', [may.DESCRIBE, may.READ])
    await allow('worker', [may.READ], on.GROUP, 'app.')
    await allow('blind', [may.DESCRIBE])
    await using store = await open(as('writer'), 'all')
    await append(store)
  })
  afterAll(async () => {
    await admin?.disconnect()
    await cluster?.[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true, force: true })
  })

  it('is used with SASL and the rights that docs/how-to/run-on-kafka.md names', async () => {
    await using store = await open(as('writer'), 'all')
    await append(store)
    expect(await store.end(partitionOf(STREAM, 2), { fresh: true })).toBeGreaterThanOrEqual(3n)
  })

  it('is used with TLS, by a process that trusts its certificate', async () => {
    const { tls, certificate } = cluster.secured!
    const options = { brokers: [tls], topic, dataDir: join(folder, 'tls'), ssl: { ca: [certificate] } }
    await using store = await open(options, 'all')
    await append(store)
    expect(await store.end(partitionOf(STREAM, 2))).toBeGreaterThanOrEqual(3n)
  })

  it('serves a process that has only workers with nothing but DESCRIBE and READ', async () => {
    await using store = await open(as('worker'), 'workers')
    const found: string[] = []
    for await (const { events } of store.readLog(partitionOf(STREAM, 2)))
      found.push(...events.map(event => event.stream))
    expect(found.length).toBeGreaterThan(0)
    expect(existsSync(join(folder, 'worker'))).toBe(false)
    const partitions: number[] = []
    const member = { assigned: (p: number) => partitions.push(p), revoked: async () => undefined }
    const membership = await store.ownership!.join('balances_v1', 2, member)
    expect(partitions).toEqual([0, 1])
    await membership[Symbol.asyncDispose]()
  })

  it.each<[string, string, () => Promise<unknown>]>([
    ['a wrong password', 'HC_KAFKA_CREDENTIALS', () => open(as('writer', 'wrong'), 'all')],
    ['a wrong password, for a worker', 'HC_KAFKA_CREDENTIALS', () => open(as('worker', 'wrong'), 'workers')],
    [
      'a certificate that is not trusted',
      'HC_KAFKA_CREDENTIALS',
      () => open({ brokers: [cluster.secured!.tls], topic, ssl: true }, 'workers'),
    ],
    ['no right to see the topic', 'HC_KAFKA_FORBIDDEN', () => open(as('nobody'), 'all')],
    ['no right to see the topic, for a worker', 'HC_KAFKA_FORBIDDEN', () => open(as('nobody'), 'workers')],
    ['no right to read', 'HC_KAFKA_FORBIDDEN', () => open(as('blind'), 'workers')],
    [
      'a wrong password, when a worker joins its group',
      'HC_KAFKA_CREDENTIALS',
      () => kafkaOwnership(as('worker', 'wrong')).join('g', 1, IDLE),
    ],
    [
      'no right to the consumer group',
      'HC_KAFKA_GROUP',
      () => kafkaOwnership({ ...as('worker'), group: 'other' }).join('g', 1, IDLE),
    ],
  ])('answers %s with %s, at once', async (_, code, attempt) => {
    const since = performance.now()
    await expect(attempt()).rejects.toMatchObject({ code })
    expect(performance.now() - since).toBeLessThan(SOON_MS)
  })

  it('answers an append without the right to write with a code, and the store stays usable', async () => {
    await allow('blind', [may.READ, may.DESCRIBE_CONFIGS])
    await using store = await open(as('blind'), 'all')
    await expect(append(store)).rejects.toMatchObject({
      code: 'HC_KAFKA_REFUSED',
      context: { reason: 'TOPIC_AUTHORIZATION_FAILED' },
    })
    await allow('blind', [may.WRITE])
    await expect.poll(() => append(store).then(() => 'appended', String)).toBe('appended')
  })
})

const IDLE = { assigned: (): void => undefined, revoked: async (): Promise<void> => undefined }
