import { Ignored } from './ignored.js'
import { messageInfo, type AnyEvent, type Newable } from '../message/message.js'
import { decodePayload, parseObject, revivePayload } from '../payload/decode.js'
import { UpcastError } from '../upcasting/errors.js'
import type { UpcastEnd, UpcastStep } from '../upcasting/upcast.js'
import type { RecordedEvent } from '../store/event-store.js'

/** How one recorded version of an event becomes events of today. @internal */
export interface Reading {
  /** Today's name; of a split event, the recorded one. */
  readonly type: string
  /** The event of today where it is exactly one, which is nearly always; undefined otherwise. */
  one(recorded: RecordedEvent): object | undefined
  /** The events of today. */
  all(recorded: RecordedEvent): readonly object[]
}

/** Reads a version that is today's. @internal */
export function currentReading(type: Newable, name: string): Reading {
  const one = (recorded: RecordedEvent): object => decodePayload(type, recorded.data, `event "${name}"`)
  return { type: name, one, all: recorded => [one(recorded)] }
}

/** Reads an old version through its steps. @internal */
export function upcastReading(
  type: Newable | undefined,
  name: string,
  from: number,
  steps: readonly UpcastStep[],
  end: UpcastEnd,
): Reading {
  const climb = (recorded: RecordedEvent): object => {
    let data = parseObject(recorded.data, `event "${name}"`)
    for (let i = 0; i < steps.length; i++) data = climbOne(steps[i]!, data, recorded, from + i)
    return data
  }
  if (end.kind === 'current') {
    const one = (recorded: RecordedEvent): object => revivePayload(type!, climb(recorded), `event "${name}"`)
    return { type: name, one, all: recorded => [one(recorded)] }
  }
  if (end.kind === 'drop') {
    const one = (recorded: RecordedEvent): object => new Ignored(recorded.type, recorded.schemaVersion)
    return { type: name, one, all: recorded => [one(recorded)] }
  }
  return {
    type: name,
    one: () => undefined,
    all: recorded => splitInto(end.into, climb(recorded), recorded, from + steps.length),
  }
}

function climbOne(step: UpcastStep, old: object, recorded: RecordedEvent, version: number): object {
  let next: unknown
  try {
    next = step(old as never)
  } catch (cause) {
    throw new UpcastError(recorded, version, cause instanceof Error ? cause.message : String(cause), {
      cause,
    })
  }
  if (typeof next !== 'object' || next === null || Array.isArray(next))
    throw new UpcastError(recorded, version, 'it did not return an object')
  return next
}

function splitInto(
  into: (old: never) => readonly AnyEvent[],
  old: object,
  recorded: RecordedEvent,
  version: number,
): readonly object[] {
  let parts: readonly object[]
  try {
    parts = into(old as never)
  } catch (cause) {
    throw new UpcastError(recorded, version, cause instanceof Error ? cause.message : String(cause), {
      cause,
    })
  }
  if (
    !Array.isArray(parts) ||
    parts.length === 0 ||
    !parts.every(part => messageInfo(part)?.kind === 'event')
  )
    throw new UpcastError(recorded, version, 'split did not return a list of events; drop() is for none')
  return parts
}
