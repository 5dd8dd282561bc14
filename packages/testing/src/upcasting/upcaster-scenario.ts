import {
  EventCatalog,
  Ignored,
  messageInfo,
  type AnyEvent,
  type RecordedEvent,
  type Upcaster,
} from '@hindcast/core'
import { assertSame } from '../scenario/same.js'

/** An event as an old build recorded it, and what it is read as today. */
export interface UpcasterScenario {
  /** What the log holds. */
  readonly given: {
    /** The version it was recorded in. */
    readonly version: number
    /** Its payload, as plain JSON. */
    readonly data: object
    /** The name it was recorded under. Default: the name of the event. */
    readonly name?: string
  }
  /** The events of today, in order; `'dropped'` when nobody reads it any more. */
  readonly then: readonly AnyEvent[] | 'dropped'
}

/**
 * A test of an upcaster as a value: `it('…', upcasterScenario(depositedHistory, { given, then }))`.
 *
 * @returns the test, which rejects with ScenarioFailedError (`HC_SCENARIO_FAILED`) that names the field
 */
export function upcasterScenario<E extends AnyEvent>(
  upcaster: Upcaster<E>,
  { given, then }: UpcasterScenario,
): () => Promise<void> {
  return async () => {
    const { event } = upcaster
    const catalog = new EventCatalog(typeof event === 'string' ? [] : [event], [upcaster])
    const name = typeof event === 'string' ? event : messageInfo(event)!.name
    const recorded: RecordedEvent = {
      id: 'given-0',
      type: given.name ?? name,
      schemaVersion: given.version,
      stream: 'scenario-1',
      version: 0,
      partition: 0,
      offset: 1n,
      time: 0,
      data: JSON.stringify(given.data),
      commandId: 'given-0',
      metadata: {},
    }
    const events = catalog.decode(recorded, 'scenario').map(decoded => decoded.event)
    const expected = then === 'dropped' ? [new Ignored(recorded.type, given.version)] : then
    assertSame(events, expected, {
      what: `version ${given.version} of "${recorded.type}"`,
      hint: "compare 'then'",
    })
  }
}
