import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePorts } from '../../../kafka/cluster/free-port.js'
import { Random } from '../../random.js'
import { FaultLog } from '../faults/fault-log.js'
import { Frames } from '../wire/frames.js'
import { readProduced } from '../wire/request.js'
import { sendFrame } from '../wire/send-frame.js'
import { UNMARKED } from '../writer-order.js'
import { FaultProxy } from './fault-proxy.js'
import { Recording } from './recording.js'

const MARK = 1_700_000_000_000n
const REFUSED = 29
const ROUNDS = 400

let folder: string
let broker: Server
let faults: FaultLog
let recording: Recording
/** What the broker answers next; the last one stays. */
let answers: { readonly errorCode: number; readonly mark: bigint }[]
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
        socket.write(produced(frame.readInt32BE(8), answer.errorCode, answer.mark))
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
      expect(answer).toEqual(produced(i, 0, -1n))
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
    expect([readProduced(told!).isMarked, readProduced(untold!).isMarked]).toEqual([true, false])
    expect(faults.counts.markHidden).toBe(1)
  })

  it('does not keep a request that was refused', async () => {
    answers = [{ errorCode: REFUSED, mark: -1n }]
    await using proxy = await startProxy(false)
    await sendFrame(proxy.port, produce('writer', 1))
    expect(recording.pick('younger', 60_000)).toBeUndefined()
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
    await expect.poll(settled, { timeout: 15_000 }).toBe(ROUNDS)
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

/** A Produce request (v7) with a batch for partition 3 of topic "t". */
function produce(clientId: string, correlation: number): Buffer {
  const head = Buffer.alloc(10)
  head.writeInt16BE(7, 2)
  head.writeInt32BE(correlation, 4)
  head.writeInt16BE(clientId.length, 8)
  const body = Buffer.alloc(31 + 61)
  body.writeInt16BE(-1, 0)
  body.writeInt32BE(1, 8)
  body.writeInt16BE(1, 12)
  body.write('t', 14)
  body.writeInt32BE(1, 15)
  body.writeInt32BE(3, 19)
  body.writeInt32BE(61, 23)
  return framed(head, Buffer.from(clientId), body.subarray(0, 27 + 61))
}

/** The answer to it. */
function produced(correlation: number, errorCode: number, mark: bigint): Buffer {
  const body = Buffer.alloc(4 + 4 + 2 + 1 + 4 + 4 + 2 + 8 + 8 + 8 + 4)
  body.writeInt32BE(correlation, 0)
  body.writeInt32BE(1, 4)
  body.writeInt16BE(1, 8)
  body.write('t', 10)
  body.writeInt32BE(1, 11)
  body.writeInt32BE(3, 15)
  body.writeInt16BE(errorCode, 19)
  body.writeBigInt64BE(42n, 21)
  body.writeBigInt64BE(mark, 29)
  return framed(body)
}

function framed(...parts: Buffer[]): Buffer {
  const whole = Buffer.concat(parts)
  const length = Buffer.alloc(4)
  length.writeInt32BE(whole.length)
  return Buffer.concat([length, whole])
}
