import type { Socket } from 'node:net'
import { Frames } from '../wire/frames.js'
import { API, readHead, readProduce, readProduced, withBatch, type RequestHead } from '../wire/request.js'
import { UNMARKED } from '../writer-order.js'
import type { ProxySetting } from './fault-proxy.js'

/** How often what happens to a request, and how long a late one takes. A dropped one costs its client a second and more. */
const ODDS = { cut: 0.0006, drop: 0.001, dropAnswer: 0.001, delay: 0.004, duplicate: 0.03 } as const
const DELAY_MS = [20, 3000] as const
const TOUCHED: ReadonlySet<number> = new Set([API.produce, API.fetch, API.listOffsets])
/** A broker that answers so has the batch, or may have it. */
const KEPT_CODES: ReadonlySet<number> = new Set([0, 45, 46])

/** What is to be done when the answer to a request comes. */
interface Waiting {
  readonly frame: Buffer
  readonly head: RequestHead
  readonly at: number
  readonly dropAnswer: boolean
  /** `'first'` or `'second'`: sent twice, and which answer the client is given. */
  readonly duplicate: 'first' | 'second' | undefined
  /** The answer to the first one, for when the second one is refused: a client that sent one request may rely on a refusal. */
  readonly held?: Buffer
}

/** One connection of a client to a broker. */
export class ProxiedConnection {
  private readonly requests = new Frames()
  private readonly answers = new Frames()
  private readonly waiting = new Map<number, Waiting>()
  /** Answers that are due only for the proxy. */
  private readonly ours = new Set<number>()

  constructor(
    private readonly client: Socket,
    private readonly broker: Socket,
    private readonly setting: ProxySetting,
  ) {}

  fromClient(chunk: Buffer): void {
    for (const frame of this.requests.take(chunk)) this.request(frame)
  }

  fromBroker(chunk: Buffer): void {
    for (const frame of this.answers.take(chunk)) this.answer(frame)
  }

  private request(frame: Buffer): void {
    const { random, faults, isRough } = this.setting
    const head = readHead(frame)
    if (!TOUCHED.has(head.apiKey)) return this.pass(frame)
    const isProduce = head.apiKey === API.produce
    const rough = isRough()
    const choice = random.next()
    const { cut, drop, dropAnswer, delay, duplicate } = ODDS
    if (rough && choice < cut) {
      faults.came('connectionCut')
      this.client.destroy()
      return
    }
    if (rough && choice < cut + drop) {
      faults.came('requestDropped')
      if (isProduce) this.record(frame, head)
      return
    }
    const late = rough && choice >= cut + drop && choice < cut + drop + delay
    const twice = rough && isProduce && !late && choice < cut + drop + delay + duplicate
    this.waiting.set(head.correlation, {
      frame,
      head,
      at: performance.now(),
      dropAnswer: rough && choice > 1 - dropAnswer,
      duplicate: twice ? (random.chance(0.5) ? 'first' : 'second') : undefined,
    })
    if (!late) return this.pass(frame)
    faults.came('requestDelayed')
    setTimeout(() => this.pass(Buffer.from(frame)), random.whole(...DELAY_MS))
  }

  private answer(frame: Buffer): void {
    const correlation = frame.readInt32BE(4)
    const waiting = this.waiting.get(correlation)
    this.waiting.delete(correlation)
    if (this.ours.delete(correlation)) return
    if (!waiting) return void this.client.write(frame)
    const { faults } = this.setting
    if (waiting.dropAnswer) {
      faults.came('answerDropped')
      this.recordAnswered(waiting, frame)
      return
    }
    if (waiting.head.apiKey === API.produce) this.produced(waiting, frame)
    else this.client.write(frame)
  }

  private produced(waiting: Waiting, frame: Buffer): void {
    this.recordAnswered(waiting, frame)
    const { duplicate, head, held } = waiting
    // Of several batches one may be refused: no refusal may be told of a batch that comes a second time.
    const accepted = readProduced(frame).every(({ errorCode }) => errorCode === 0)
    if (held) return this.toClient(head, accepted ? frame : held)
    if (duplicate === undefined || !accepted) return this.toClient(head, frame)
    this.setting.faults.came('requestDuplicated')
    if (duplicate === 'first') {
      this.ours.add(head.correlation)
      this.toClient(head, frame)
    } else this.waiting.set(head.correlation, { ...waiting, held: frame })
    this.pass(waiting.frame)
  }

  private toClient({ clientId }: RequestHead, frame: Buffer): void {
    if (clientId.endsWith(UNMARKED))
      for (const { errorCode, isMarked, logAppendTimeAt } of readProduced(frame)) {
        if (errorCode !== 0 || !isMarked) continue
        this.setting.faults.came('markHidden')
        frame.writeBigInt64BE(-1n, logAppendTimeAt)
      }
    this.client.write(frame)
  }

  private recordAnswered({ frame, head, at }: Waiting, answer: Buffer): void {
    if (head.apiKey !== API.produce) return
    const kept = new Map<number, number>()
    for (const { partition, errorCode } of readProduced(answer))
      if (KEPT_CODES.has(errorCode)) kept.set(partition, errorCode)
    this.record(frame, head, kept, at)
  }

  /** Keeps the batches of a request. @param codes - what a broker answered to those to be kept; none for a lost request */
  private record(
    frame: Buffer,
    head: RequestHead,
    codes?: ReadonlyMap<number, number>,
    at: number = performance.now(),
  ): void {
    const { bodyAt } = head
    for (const { partition, batch: sent } of readProduce(frame, bodyAt)) {
      if (codes && !codes.has(partition)) continue
      const batch = Buffer.from(sent)
      const alone = withBatch(frame, bodyAt, { partition, batch })
      const accepted = codes?.get(partition) === 0
      this.setting.recording.add({ frame: alone, bodyAt, partition, batch, at, accepted })
    }
  }

  private pass(frame: Buffer): void {
    if (this.broker.writable) this.broker.write(frame)
  }
}
