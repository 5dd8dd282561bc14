import { messageInfo, type AnyEvent } from '../message/message.js'
import type { RecordedEvent } from '../store/event-store.js'
import { UpcastError } from './errors.js'
import type { UpcastStep } from './upcast.js'

/** Takes plain data of one version through the steps to a newer one. @throws UpcastError @internal */
export function climb(
  data: object,
  from: number,
  steps: readonly UpcastStep[],
  recorded: RecordedEvent,
): object {
  let current = data
  for (let i = 0; i < steps.length; i++) {
    const next = attempt(steps[i]!, current, recorded, from + i)
    if (typeof next !== 'object' || next === null || Array.isArray(next))
      throw new UpcastError(recorded, from + i, 'it did not return an object')
    if (isThenable(next))
      throw new UpcastError(recorded, from + i, 'it returned a promise; steps are synchronous')
    current = next
  }
  return current
}

/** Splits plain data of a version into events of today. @throws UpcastError @internal */
export function splitInto(
  into: (old: never) => readonly AnyEvent[],
  data: object,
  version: number,
  recorded: RecordedEvent,
): readonly object[] {
  const parts = attempt(into, data, recorded, version)
  if (!Array.isArray(parts) || parts.length === 0 || !parts.every(isEvent))
    throw new UpcastError(recorded, version, 'split did not return a list of events; drop() is for none')
  return parts
}

function attempt(step: UpcastStep, data: object, recorded: RecordedEvent, version: number): unknown {
  try {
    return step(data as never)
  } catch (cause) {
    throw new UpcastError(recorded, version, cause instanceof Error ? cause.message : String(cause), {
      cause,
    })
  }
}

function isEvent(part: unknown): part is object {
  return typeof part === 'object' && part !== null && messageInfo(part)?.kind === 'event'
}

function isThenable(value: object): boolean {
  // A field may be called "then", so only what can be called counts.
  return typeof (value as { then?: unknown }).then === 'function'
}
