import { expect, it } from 'vitest'
import { TransportError, type ProduceAnswer } from '../src/protocol/port.js'
import { ProduceLane } from '../src/protocol/produce-lane.js'
import type { PartitionAnswer, PartitionBatch } from '../src/protocol/requests.js'

/** A request that the broker has not answered yet. */
interface Request {
  readonly partitions: readonly number[]
  readonly timeoutMs: number
  readonly answer: (answers: readonly PartitionAnswer[]) => void
  readonly fail: (error: Error) => void
}

const TIMEOUT_MS = 5000

/** A broker that answers when the test says so. */
function makeLane(): { readonly lane: ProduceLane; readonly requests: Request[] } {
  const requests: Request[] = []
  const lane = new ProduceLane(
    (batches, timeoutMs) =>
      new Promise((answer, fail) =>
        requests.push({ partitions: batches.map(({ partition }) => partition), timeoutMs, answer, fail }),
      ),
  )
  return { lane, requests }
}

const batchOf = (partition: number, bytes = 100): PartitionBatch => ({
  partition,
  bytes: Buffer.alloc(bytes),
})
const stored = (partition: number): PartitionAnswer => ({
  partition,
  errorCode: 0,
  baseOffset: partition * 10,
  logAppendTime: -1,
})
const turns = async (): Promise<void> => {
  for (let i = 0; i < 3; i++) await new Promise(resolve => setImmediate(resolve))
}
const add = (lane: ProduceLane, ...partitions: number[]): Promise<ProduceAnswer>[] =>
  partitions.map(partition => lane.add(batchOf(partition), TIMEOUT_MS))

it('batches of one turn share a request, and each gets the answer about its partition', async () => {
  const { lane, requests } = makeLane()
  const answers = add(lane, 0, 3, 5)
  await turns()
  expect(requests.map(({ partitions }) => partitions)).toEqual([[0, 3, 5]])
  requests[0]!.answer([stored(5), { ...stored(3), errorCode: 45, baseOffset: -1 }, stored(0)])
  expect(await Promise.all(answers)).toMatchObject([
    { errorCode: 0, baseOffset: 0 },
    { errorCode: 45, baseOffset: -1 },
    { errorCode: 0, baseOffset: 50 },
  ])
})

it('while two requests are under way the others wait, and share the next one', async () => {
  const { lane, requests } = makeLane()
  const answers: Promise<ProduceAnswer>[] = []
  for (let partition = 0; partition < 5; partition++) {
    answers.push(...add(lane, partition))
    await turns()
  }
  expect(requests.map(({ partitions }) => partitions)).toEqual([[0], [1]])
  requests[0]!.answer([stored(0)])
  await turns()
  expect(requests.map(({ partitions }) => partitions)).toEqual([[0], [1], [2, 3, 4]])
  requests[1]!.answer([stored(1)])
  requests[2]!.answer([stored(2), stored(3), stored(4)])
  expect((await Promise.all(answers)).map(({ baseOffset }) => baseOffset)).toEqual([0, 10, 20, 30, 40])
})

it('a request has each partition once, in the order in which its batches were given', async () => {
  const { lane, requests } = makeLane()
  const answers = add(lane, 1, 2, 1)
  await turns()
  expect(requests.map(({ partitions }) => partitions)).toEqual([[1, 2], [1]])
  for (const { partitions, answer } of requests) answer(partitions.map(stored))
  await Promise.all(answers)
})

it('batches share a request of up to 32 KiB; a single one may be larger', async () => {
  const { lane, requests } = makeLane()
  const sizes = [30_000, 10_000, 2000, 50_000]
  const answers = sizes.map((bytes, partition) => lane.add(batchOf(partition, bytes), TIMEOUT_MS))
  await turns()
  expect(requests.map(({ partitions }) => partitions)).toEqual([[0, 2], [1]])
  for (const { partitions, answer } of requests) answer(partitions.map(stored))
  await turns()
  expect(requests[2]!.partitions).toEqual([3])
  requests[2]!.answer([stored(3)])
  await Promise.all(answers)
})

it('of a request without an answer every batch may be written, of those that waited behind it certainly none', async () => {
  const { lane, requests } = makeLane()
  const sent = add(lane, 0, 1)
  await turns()
  const alone = add(lane, 2)
  await turns()
  const waiting = add(lane, 3, 0)
  await turns()
  requests[0]!.fail(new TransportError('no answer within 5000 ms', true))
  for (const answer of sent) await expect(answer).rejects.toMatchObject({ sent: true })
  for (const answer of waiting) await expect(answer).rejects.toMatchObject({ sent: false })
  requests[1]!.answer([stored(2)])
  expect(await alone[0]).toMatchObject({ baseOffset: 20 })
  const again = add(lane, 3)
  await turns()
  requests[2]!.answer([stored(3)])
  expect(await again[0]).toMatchObject({ baseOffset: 30 })
})

it('a broker that says nothing about one of the partitions leaves only that one unknown', async () => {
  const { lane, requests } = makeLane()
  const [first, second] = add(lane, 0, 1)
  await turns()
  requests[0]!.answer([stored(1)])
  await expect(first).rejects.toMatchObject({ name: 'TransportError', sent: true })
  expect(await second).toMatchObject({ baseOffset: 10 })
})
