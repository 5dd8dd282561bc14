import {
  Aggregate,
  AggregateRoot,
  Apply,
  EventCatalog,
  HindcastError,
  memory,
  streamHistory,
  systemClock,
  uuidV7Source,
  validateMessage,
  type AggregateClass,
  type AnyEvent,
  type Newable,
  type Upcaster,
} from '@hindcast/core'

/** An aggregate that applies an event. */
export function aggregateOf(event: Newable<AnyEvent>): AggregateClass {
  @Aggregate('random')
  class Random extends AggregateRoot<AnyEvent> {
    events: object[] = []
    @Apply(event) onEvent(happened: AnyEvent) {
      this.events.push(Object.keys(happened))
    }
  }
  return Random
}

/** Which build wrote a payload, and how today's reads it. */
export interface ReplayOptions {
  readonly version?: number
  readonly upcasters?: readonly Upcaster[]
}

/** Reads a payload as today's code does, and validates what it comes to. Gives the reason where it is refused. */
export function read(
  event: Newable<AnyEvent>,
  payload: object,
  { version = 1, upcasters = [] }: ReplayOptions = {},
): string | undefined {
  const place = { stream: 'random-1', version: 0, partition: 0, offset: 1n, time: 0 }
  const data = JSON.stringify(payload)
  const recorded = { id: '1', type: 'random.happened', schemaVersion: version, data, commandId: 'c' }
  try {
    for (const decoded of new EventCatalog([event], upcasters).decode(
      { ...recorded, ...place, metadata: {} },
      'log',
    ))
      validateMessage(decoded.event)
    return undefined
  } catch (error) {
    if (!(error instanceof HindcastError)) throw error
    return error.message
  }
}

/** Writes payloads into a log, and reads it as today's code does: decoded, upcast, validated, folded. Gives how many were. */
export async function replay(
  event: Newable<AnyEvent>,
  payloads: readonly object[],
  { version = 1, upcasters = [] }: ReplayOptions = {},
): Promise<number> {
  if (payloads.length === 0) return 0
  await using store = await memory()({ clock: systemClock, ids: uuidV7Source(), run: 'all' })
  const events = payloads.map((payload, i) => ({
    id: `e${i}`,
    type: 'random.happened',
    schemaVersion: version,
    data: JSON.stringify(payload),
  }))
  await store.append([{ stream: 'random-1', expected: 'none', events }], { commandId: 'c' })
  let folded = 0
  for await (const step of streamHistory(
    { store, aggregates: [aggregateOf(event)], upcasters },
    'random-1',
  )) {
    validateMessage(step.event)
    folded++
  }
  return folded
}
