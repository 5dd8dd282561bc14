import type { Socket } from 'node:net'
import { Frames } from '../wire/frames.js'
import { API, readHead, readProduce, readProduced, type RequestHead } from '../wire/request.js'
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
      if (isProduce) this.record(frame, head, false)
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
    const { errorCode } = this.recordAnswered(waiting, frame)
    const { duplicate, head, held } = waiting
    if (held) return this.toClient(head, errorCode === 0 ? frame : held)
    if (duplicate === undefined || errorCode !== 0) return this.toClient(head, frame)
    this.setting.faults.came('requestDuplicated')
    if (duplicate === 'first') {
      this.ours.add(head.correlation)
      this.toClient(head, frame)
    } else this.waiting.set(head.correlation, { ...waiting, held: frame })
    this.pass(waiting.frame)
  }

  private toClient({ clientId }: RequestHead, frame: Buffer): void {
    const { logAppendTimeAt, isMarked, errorCode } = readProduced(frame)
    if (errorCode === 0 && isMarked && clientId.endsWith(UNMARKED)) {
      this.setting.faults.came('markHidden')
      frame.writeBigInt64BE(-1n, logAppendTimeAt)
    }
    this.client.write(frame)
  }

  private recordAnswered({ frame, head, at }: Waiting, answer: Buffer): { readonly errorCode: number } {
    if (head.apiKey !== API.produce) return { errorCode: 0 }
    const produced = readProduced(answer)
    if (KEPT_CODES.has(produced.errorCode)) this.record(frame, head, produced.errorCode === 0, at)
    return produced
  }

  private record(frame: Buffer, head: RequestHead, accepted: boolean, at: number = performance.now()): void {
    const { partition, batchAt } = readProduce(frame, head.bodyAt)
    this.setting.recording.add({ frame: Buffer.from(frame), partition, batchAt, at, accepted })
  }

  private pass(frame: Buffer): void {
    if (this.broker.writable) this.broker.write(frame)
  }
}
