import { randomUUID } from 'node:crypto'
import { kafkaOwnership } from '@hindcast/kafka-store'
import kafkajs from 'kafkajs'
import { expect, it } from 'vitest'
import { brokers, kafkaSuite } from '../../../../test/servers/suites.js'

const client = new kafkajs.Kafka({
  brokers: brokers.length > 0 ? [...brokers] : ['none:1'],
  logLevel: kafkajs.logLevel.NOTHING,
})
const idle = { assigned: () => undefined, revoked: async () => undefined }

kafkaSuite('partition ownership by a consumer group', () => {
  it('is shown by Kafka’s own tools as that of any other consumer', async () => {
    const group = randomUUID()
    const ownership = kafkaOwnership({ brokers, topic: 'bank', group })
    await using membership = await ownership.join('balances_v1', 5, idle)
    expect(membership).toBeDefined()
    const admin = client.admin()
    await admin.connect()
    const { groups } = await admin.describeGroups([`${group}.balances_v1`])
    await admin.disconnect()
    const [member] = groups[0]!.members
    expect(kafkajs.AssignerProtocol.MemberAssignment.decode(member!.memberAssignment)?.assignment).toEqual({
      bank: [0, 1, 2, 3, 4],
    })
    expect(kafkajs.AssignerProtocol.MemberMetadata.decode(member!.memberMetadata)?.topics).toEqual(['bank'])
  })

  it('gives a partition on only when the owner before has let go of it', async () => {
    const ownership = kafkaOwnership({ brokers, topic: 'bank', group: randomUUID() })
    let letGo = (): void => undefined
    const held = new Promise<void>(resolve => (letGo = resolve))
    const first = { has: new Set<number>(), asked: 0 }
    const second = new Set<number>()
    const leaving = await ownership.join('balances_v1', 2, {
      assigned: partition => first.has.add(partition),
      revoked: async partition => {
        first.asked++
        await held
        first.has.delete(partition)
      },
    })
    expect(first.has.size).toBe(2)
    const staying = await ownership.join('balances_v1', 2, {
      assigned: partition => {
        expect(first.has).not.toContain(partition)
        second.add(partition)
      },
      revoked: async () => undefined,
    })
    await expect.poll(() => first.asked).toBe(1)
    expect(second.size).toBe(0)
    letGo()
    await expect.poll(() => [first.has.size, second.size]).toEqual([1, 1])
    await leaving[Symbol.asyncDispose]()
    await expect.poll(() => [first.has.size, second.size]).toEqual([0, 2])
    await staying[Symbol.asyncDispose]()
  })

  it('refuses to join a group that other consumers use, and says what to do', async () => {
    const group = randomUUID()
    const admin = client.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic: group, numPartitions: 1 }] })
    await admin.disconnect()
    const consumer = client.consumer({ groupId: `${group}.balances_v1` })
    await consumer.connect()
    await consumer.subscribe({ topic: group })
    const joined = new Promise<void>(resolve => consumer.on(consumer.events.GROUP_JOIN, () => resolve()))
    await consumer.run({ eachMessage: async () => undefined })
    await joined
    await expect(
      kafkaOwnership({ brokers, topic: group, group }).join('balances_v1', 1, idle),
    ).rejects.toMatchObject({
      code: 'HC_KAFKA_GROUP',
      context: { group: `${group}.balances_v1`, reason: 'INCONSISTENT_GROUP_PROTOCOL' },
      message: expect.stringContaining('set the option group'),
    })
    await consumer.disconnect()
  })

  it('says that no broker answers, within the time that it is given', async () => {
    // Nobody listens at the discard port.
    const ownership = kafkaOwnership({ brokers: ['127.0.0.1:9'], topic: 'bank', startTimeoutMs: 500 })
    await expect(ownership.join('balances_v1', 1, idle)).rejects.toMatchObject({
      code: 'HC_KAFKA_UNREACHABLE',
      retryable: true,
    })
  })
})
