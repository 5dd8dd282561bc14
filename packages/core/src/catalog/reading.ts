import type { Newable } from '../message/message.js'
import { decodePayload, parseObject, revivePayload } from '../payload/decode.js'
import type { RecordedEvent } from '../store/event-store.js'
import { climb, splitInto } from '../upcasting/climb.js'
import type { UpcastEnd, UpcastStep } from '../upcasting/upcast.js'
import { Ignored } from './ignored.js'

/** How one recorded version of an event becomes events of today. @internal */
export interface Reading {
  /** Today's name; of a retired event, the recorded one. */
  readonly type: string
  /** What it may become: an event of its own class, whatever it is split into, or nothing. */
  readonly becomes: 'itself' | 'others' | 'nothing'
  /** The event of today where it is exactly one, which is nearly always; undefined where it is split. */
  readonly one: (recorded: RecordedEvent) => object | undefined
  /** The events of today. */
  readonly all: (recorded: RecordedEvent) => readonly object[]
}

/** Reads a version that is today's. @internal */
export function currentReading(type: Newable, name: string): Reading {
  const what = `event "${name}"`
  return single(name, 'itself', recorded => decodePayload(type, recorded.data, what))
}

/** Reads an old version through its steps. @internal */
export function upcastReading(
  type: Newable | undefined,
  name: string,
  from: number,
  steps: readonly UpcastStep[],
  end: UpcastEnd,
): Reading {
  const what = `event "${name}"`
  const last = (recorded: RecordedEvent): object =>
    climb(parseObject(recorded.data, what), from, steps, recorded)
  switch (end.kind) {
    case 'current':
      return single(name, 'itself', recorded => revivePayload(type!, last(recorded), what))
    case 'drop':
      return single(name, 'nothing', recorded => new Ignored(recorded.type, recorded.schemaVersion))
    case 'split':
      return {
        type: name,
        becomes: 'others',
        one: () => undefined,
        all: recorded => splitInto(end.into, last(recorded), from + steps.length, recorded),
      }
  }
}

function single(
  type: string,
  becomes: 'itself' | 'nothing',
  one: (recorded: RecordedEvent) => object,
): Reading {
  return { type, becomes, one, all: recorded => [one(recorded)] }
}
