import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePorts } from '../../../servers/free-ports.js'
import { Random } from '../../random.js'
import { FaultLog } from '../faults/fault-log.js'
import { Frames } from '../wire/frames.js'
import { readHead, readProduce, readProduced } from '../wire/request.js'
import { sendFrame } from '../wire/send-frame.js'
import { UNMARKED } from '../writer-order.js'
import { FaultProxy } from './fault-proxy.js'
import { Recording } from './recording.js'

const MARK = 1_700_000_000_000n
const REFUSED = 29
const ROUNDS = 400

/** To each batch of a request. */
interface Answer {
  readonly errorCode: number
  readonly mark: bigint
  /** Of those with another one. */
  readonly codes?: ReadonlyMap<number, number>
}

let folder: string
let broker: Server
let faults: FaultLog
let recording: Recording
/** What the broker answers next; the last one stays. */
let answers: Answer[]
let received: number

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hindcast-proxy-'))
  faults = new FaultLog(join(folder, 'faults.jsonl'))
  recording = new Recording(new Random(1))
  answers = [{ errorCode: 0, mark: -1n }]
  received = 0
  broker = createServer(socket => {
    const frames = new Frames()
    socket.on('error', () => undefined)
    socket.on('data', chunk => {
      for (const frame of frames.take(chunk)) {
        received++
        const answer = answers.length > 1 ? answers.shift()! : answers[0]!
        const sent = readProduce(frame, readHead(frame).bodyAt)
        const partitions = sent.map(({ partition }) => partition)
        socket.write(produced(frame.readInt32BE(8), answer, partitions))
      }
    })
  })
  await new Promise<void>(resolve => broker.listen(0, '127.0.0.1', resolve))
})
afterEach(() => {
  broker.close()
  rmSync(folder, { recursive: true, force: true })
})

describe('the proxy between writers and a broker', () => {
  it('passes everything as it is while nothing is to happen', async () => {
    await using proxy = await startProxy(false)
    for (let i = 0; i < 50; i++) {
      const answer = await sendFrame(proxy.port, produce('writer', i))
      expect(answer).toEqual(produced(i, { errorCode: 0, mark: -1n }))
    }
    expect(received).toBe(50)
    expect(Object.values(faults.counts).every(count => count === 0)).toBe(true)
    expect(recording.pickAccepted()).toMatchObject({ partition: 3, accepted: true })
  })

  it('hides that a batch was a duplicate, only from who is never told', async () => {
    answers = [{ errorCode: 0, mark: MARK }]
    await using proxy = await startProxy(false)
    const told = await sendFrame(proxy.port, produce('writer', 1))
    const untold = await sendFrame(proxy.port, produce(`writer${UNMARKED}`, 2))
    expect([told, untold].map(answer => readProduced(answer!)[0]!.isMarked)).toEqual([true, false])
    expect(faults.counts.markHidden).toBe(1)
  })

  it('does not keep a request that was refused', async () => {
    answers = [{ errorCode: REFUSED, mark: -1n }]
    await using proxy = await startProxy(false)
    await sendFrame(proxy.port, produce('writer', 1))
    expect(recording.pick('younger', 60_000)).toBeUndefined()
  })

  it('keeps each batch of a request by itself, to be brought again alone, but for those that were refused', async () => {
    answers = [{ errorCode: 0, mark: MARK, codes: new Map([[2, REFUSED]]) }]
    await using proxy = await startProxy(false)
    await sendFrame(proxy.port, produce(`writer${UNMARKED}`, 1, [1, 2, 5]))
    expect(faults.counts.markHidden).toBe(2)
    const seen = new Set<number>()
    for (let i = 0; i < ROUNDS; i++) {
      const { frame, partition, batch, bodyAt } = recording.pickAccepted()!
      seen.add(partition)
      expect(frame.readInt32BE(0)).toBe(frame.length - 4)
      expect(readProduce(frame, bodyAt)).toEqual([{ partition, batch }])
      expect(batch.readInt32BE(57)).toBe(partition)
    }
    expect(seen).toEqual(new Set([1, 5]))
  })

  it('never sends a request twice of which a batch was refused: nobody may be told so of what is written later', async () => {
    answers = [{ errorCode: 0, mark: -1n, codes: new Map([[2, REFUSED]]) }]
    await using proxy = await startProxy(true)
    const socket = connect(proxy.port, '127.0.0.1')
    socket.on('error', () => undefined)
    for (let i = 0; i < ROUNDS; i++) socket.write(produce('writer', i, [1, 2]))
    await expect.poll(() => received + faults.counts.requestDropped).toBe(ROUNDS)
    socket.destroy()
    expect(faults.counts.requestDuplicated).toBe(0)
  })

  it('gives a request one answer at most whatever it does to it, and counts what it did', async () => {
    await using proxy = await startProxy(true)
    const socket = connect(proxy.port, '127.0.0.1')
    const frames = new Frames()
    const seen: number[] = []
    socket.on('error', () => undefined)
    socket.on('data', chunk => {
      for (const frame of frames.take(chunk)) seen.push(frame.readInt32BE(4))
    })
    for (let i = 0; i < ROUNDS; i++) socket.write(produce('writer', i))
    const { counts } = faults
    const settled = (): number => seen.length + counts.requestDropped + counts.answerDropped
    await expect.poll(settled).toBe(ROUNDS)
    socket.destroy()
    expect(new Set(seen).size).toBe(seen.length)
    expect(counts.requestDuplicated).toBeGreaterThan(0)
    expect(received).toBe(ROUNDS - counts.requestDropped + counts.requestDuplicated)
  })
})

async function startProxy(rough: boolean): Promise<{ readonly port: number } & AsyncDisposable> {
  const [port] = (await freePorts(1)) as [number]
  const setting = { faults, recording, random: new Random(3), isRough: () => rough }
  const proxy = await FaultProxy.start(port, (broker.address() as AddressInfo).port, setting)
  return { port, [Symbol.asyncDispose]: async () => proxy.close() }
}

/** A Produce request (v7) with a batch, which ends in the number of its partition, for each of some partitions of topic "t". */
function produce(clientId: string, correlation: number, partitions: readonly number[] = [3]): Buffer {
  const head = Buffer.alloc(10)
  head.writeInt16BE(7, 2)
  head.writeInt32BE(correlation, 4)
  head.writeInt16BE(clientId.length, 8)
  const body = Buffer.alloc(19)
  body.writeInt16BE(-1, 0)
  body.writeInt32BE(1, 8)
  body.writeInt16BE(1, 12)
  body.write('t', 14)
  body.writeInt32BE(partitions.length, 15)
  const batches = partitions.map(partition => {
    const batch = Buffer.alloc(8 + 61)
    batch.writeInt32BE(partition, 0)
    batch.writeInt32BE(61, 4)
    batch.writeInt32BE(partition, 8 + 57)
    return batch
  })
  return framed(head, Buffer.from(clientId), body, ...batches)
}

/** The answer to it. */
function produced(
  correlation: number,
  { errorCode, mark, codes }: Answer,
  partitions: readonly number[] = [3],
): Buffer {
  const head = Buffer.alloc(15)
  head.writeInt32BE(correlation, 0)
  head.writeInt32BE(1, 4)
  head.writeInt16BE(1, 8)
  head.write('t', 10)
  head.writeInt32BE(partitions.length, 11)
  const answered = partitions.map(partition => {
    const answer = Buffer.alloc(30)
    answer.writeInt32BE(partition, 0)
    answer.writeInt16BE(codes?.get(partition) ?? errorCode, 4)
    answer.writeBigInt64BE(42n, 6)
    answer.writeBigInt64BE(mark, 14)
    answer.writeBigInt64BE(0n, 22)
    return answer
  })
  return framed(head, ...answered, Buffer.alloc(4))
}

function framed(...parts: Buffer[]): Buffer {
  const whole = Buffer.concat(parts)
  const length = Buffer.alloc(4)
  length.writeInt32BE(whole.length)
  return Buffer.concat([length, whole])
}
