import { uuidV7Source } from '../identity/id-source.js'
import { memory } from '../memory/memory-store.js'
import type { Newable } from '../message/message.js'
import { readRecorded, type TailedEvent } from '../history/tailed-event.js'
import type { LogSource } from '../projection/source/log-source.js'
import type { ProjectionRuntime } from '../projection/runtime/projection-runtime.js'
import { projectionInfo } from '../projection/definition/projection-info.js'
import { readOffsets } from '../projection/source/read-offsets.js'
import { ProjectionUnknownError } from '../read-model/errors.js'
import { memoryReadModels } from '../read-model/memory-read-models.js'
import type { EventPlace } from '../read-model/read-model-store.js'
import type { StoreHost } from '../store/event-store.js'
import { systemClock } from '../time/clock.js'
import { Cleanup } from './cleanup.js'
import { declarationsOf, openSources } from './declarations.js'
import { StartError } from './errors.js'
import type { StartOptions } from './start-options.js'

/** The read models of an app, in a process that folds nothing. */
export interface OpenedReadModels extends AsyncDisposable {
  /** Views, parked events and health; it has no workers. */
  readonly runtime: ProjectionRuntime
  /** The event at a place of one of the logs, as today's code reads it; undefined where there is none. */
  eventAt(place: EventPlace): Promise<TailedEvent | undefined>
}

/**
 * Opens the read models of an app to look at them, and to ask their owners for something: for tools, beside the running app.
 * It takes no commands and runs no workers. The log must be there.
 *
 * @param options - those of the app; modules, snapshots and everything about commands are left alone
 * @throws StartError that lists everything wrong with the declarations, before anything is opened
 * @throws what the store or the read models throw when they cannot be opened; what was opened before is closed
 */
export async function openReadModels(options: StartOptions): Promise<OpenedReadModels> {
  const declarations = declarationsOf(options)
  const { projections, problems } = declarations
  if (problems.length > 0) throw new StartError([...new Set(problems)])
  const clock = options.clock ?? systemClock
  const host: StoreHost = { clock, ids: options.ids ?? uuidV7Source(), run: 'workers', existing: true }
  const cleanup = new Cleanup()
  try {
    const store = await (options.store ?? memory())(host)
    cleanup.defer(() => store[Symbol.asyncDispose]())
    const sources = await openSources(declarations, store, host, cleanup)
    const open = options.readModels ?? memoryReadModels()
    const runtime = await open({ sources, projections, run: 'commands', clock, existing: true })
    cleanup.defer(() => runtime[Symbol.asyncDispose]())
    return { runtime, eventAt: place => eventAt(sources, place), [Symbol.asyncDispose]: () => cleanup.run() }
  } catch (error) {
    await cleanup.run().catch(() => undefined) // why it failed is what the caller must hear
    throw error
  }
}

async function eventAt(
  sources: readonly LogSource[],
  { log, partition, offset }: EventPlace,
): Promise<TailedEvent | undefined> {
  const source = sources.find(({ store }) => store.logId === log)
  const [recorded] = source ? await readOffsets(source.store, partition, [offset]) : []
  return recorded && readRecorded(recorded, source!.catalog, log)
}

/**
 * The class of the projection with a persisted name; of several versions, the newest.
 *
 * @throws ProjectionUnknownError with the nearest name
 */
export function projectionNamed(projections: readonly Newable[], name: string): Newable {
  const all = projections.map(projectionInfo)
  const [newest] = all.filter(each => each.name === name).toSorted((a, b) => b.version - a.version)
  if (!newest) throw new ProjectionUnknownError(name, [...new Set(all.map(each => each.name))])
  return newest.type
}
