import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Attempt, Outcome, PlannedAppend, Subscription } from './operation.js'

type Line =
  | { readonly kind: 'call'; readonly number: number; readonly at: number; readonly append: PlannedAppend }
  | { readonly kind: 'answer'; readonly number: number; readonly at: number; readonly outcome: Outcome }
  | { readonly kind: 'subscribe'; readonly partition: number; readonly from: string }
  | {
      readonly kind: 'read'
      readonly partition: number
      readonly next: string
      readonly eventIds: readonly string[]
    }
  | { readonly kind: 'due'; readonly partition: number; readonly end: string }

/** What a writer did, in a file: each line is written synchronously, so that it is there however the writer ends. */
export class Journal {
  private readonly file: number
  private calls = 0

  constructor(path: string) {
    this.file = openSync(path, 'a')
  }

  /** Notes an append that is made now. @returns its number */
  call(append: PlannedAppend): number {
    const number = this.calls++
    this.write({ kind: 'call', number, at: now(), append })
    return number
  }

  /** Notes the answer. */
  answer(number: number, outcome: Outcome): void {
    this.write({ kind: 'answer', number, at: now(), outcome })
  }

  /** Notes that a live reader begins. One per partition and journal. */
  subscribe(partition: number, from: bigint): void {
    this.write({ kind: 'subscribe', partition, from: String(from) })
  }

  /** Notes a batch of the live reader. */
  read(partition: number, next: bigint, eventIds: readonly string[]): void {
    this.write({ kind: 'read', partition, next: String(next), eventIds })
  }

  /** Notes what the live reader must have reached in the end. */
  due(partition: number, end: bigint): void {
    this.write({ kind: 'due', partition, end: String(end) })
  }

  close(): void {
    closeSync(this.file)
  }

  private write(line: Line): void {
    writeSync(this.file, JSON.stringify(line) + '\n')
  }
}

/** What a journal tells. */
export interface JournalContent {
  readonly attempts: readonly Attempt[]
  readonly subscriptions: readonly Subscription[]
}

type OpenSubscription = { -readonly [K in keyof Subscription]: Subscription[K] } & {
  readonly eventIds: string[]
}

/** Reads the journal of a writer that has ended. */
export function readJournal(path: string, writer: string): JournalContent {
  const attempts: Attempt[] = []
  const readers = new Map<number, OpenSubscription>()
  for (const line of lines(path)) {
    if (line.kind === 'call')
      attempts[line.number] = {
        ...line.append,
        writer,
        calledAt: line.at,
        answeredAt: Infinity,
        outcome: { kind: 'unknown' },
      }
    else if (line.kind === 'answer')
      attempts[line.number] = { ...attempts[line.number]!, answeredAt: line.at, outcome: line.outcome }
    else if (line.kind === 'subscribe') {
      const { partition } = line
      const from = BigInt(line.from)
      readers.set(partition, { reader: writer, partition, from, next: from, due: from, eventIds: [] })
    } else {
      const reader = readers.get(line.partition)!
      if (line.kind === 'due') reader.due = BigInt(line.end)
      else {
        reader.next = BigInt(line.next)
        reader.eventIds.push(...line.eventIds)
      }
    }
  }
  return { attempts, subscriptions: [...readers.values()] }
}

/** The appends that a writer's life before this one left without an answer. */
export function unansweredBefore({ before }: { readonly before?: string }): readonly PlannedAppend[] {
  if (before === undefined) return []
  return readJournal(before, '').attempts.filter(attempt => attempt.outcome.kind === 'unknown')
}

/** How many appends the journals in a folder call acknowledged so far. */
export function countAppended(folder: string): number {
  let count = 0
  for (const name of readdirSync(folder))
    count += readFileSync(join(folder, name), 'utf8').split('"outcome":{"kind":"appended"').length - 1
  return count
}

/** The whole lines; a writer that was killed may have left a piece of one, which then was not yet acted upon. */
function lines(path: string): Line[] {
  const text = readFileSync(path, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  return whole
    .split('\n')
    .filter(line => line.length > 0)
    .map(line => JSON.parse(line) as Line)
}

/** The monotonic clock of the machine, the same for all its processes. */
function now(): number {
  return Number(process.hrtime.bigint())
}
