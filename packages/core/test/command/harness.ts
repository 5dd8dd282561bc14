import { ContainerModule } from 'inversify'
import {
  Hindcast,
  memory,
  type App,
  type EventStore,
  type RecordedEvent,
  type StartOptions,
} from '../../src/index.js'
import { Counter, GATE, type Gate } from './counter.js'

/** An app of counters; several with one `memory()` are like several processes on one log. */
export function startCounters(options: Partial<StartOptions> & { readonly gate?: Gate } = {}): Promise<App> {
  const { gate, ...rest } = options
  const gates = new ContainerModule(({ bind }) => {
    bind(GATE).toConstantValue(gate ?? (async () => undefined))
  })
  return Hindcast.start({
    store: memory(),
    aggregates: [Counter],
    modules: [gates],
    log: false,
    ...rest,
  })
}

/** All events of a stream. */
export async function eventsOf(store: EventStore, stream: string): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for await (const batch of store.readStream(stream)) events.push(...batch)
  return events
}

/** The sum that the log itself says. */
export async function totalInLog(store: EventStore, stream: string): Promise<number> {
  const events = await eventsOf(store, stream)
  return events.reduce((sum, event) => sum + (JSON.parse(event.data) as { amount: number }).amount, 0)
}

/** A promise and its resolver. */
export function signal(): { readonly reached: Promise<void>; readonly reach: () => void } {
  let reach = (): void => undefined
  const reached = new Promise<void>(resolve => (reach = resolve))
  return { reached, reach }
}
