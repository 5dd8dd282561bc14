import { CommandBus } from '../command/command-bus.js'
import { loadServices, type Services } from '../container/services.js'
import { uuidV7Source } from '../identity/id-source.js'
import { memory } from '../memory/memory-store.js'
import { memoryReadModels } from '../read-model/memory-read-models.js'
import { OtherBuilds } from '../command/other-builds.js'
import { memorySnapshots } from '../snapshot/memory-snapshots.js'
import type { StoreHost } from '../store/event-store.js'
import { systemClock } from '../time/clock.js'
import { App } from './app.js'
import { Cleanup } from './cleanup.js'
import { declarationsOf, openSources } from './declarations.js'
import { channels, type AppDiagnostic } from './diagnostics.js'
import { StartError } from './errors.js'
import { startLog } from './log.js'
import { serviceProblems } from './registry.js'
import type { StartOptions } from './start-options.js'
import { STOP_SIGNALS, stopOn } from './stop-on.js'

const DEFAULT_COMMAND_TIMEOUT_MS = 10_000
const DEFAULT_DRAIN_TIMEOUT_MS = 10_000
/** The longest that a timer of Node can wait. */
const MAX_TIMEOUT_MS = 2_147_483_647
const DEFAULT_CACHED_AGGREGATES = 10_000

/** The entry to everything: `await using app = await Hindcast.start({ … })`. */
export const Hindcast: {
  /**
   * Checks every declaration, opens the store and the read models, and starts the projections.
   *
   * @throws StartError that lists everything wrong with the declarations, before anything is opened
   * @throws what the store or the read models throw when they cannot be opened; what was opened before is closed
   */
  start(options: StartOptions): Promise<App>
} = { start }

async function start(options: StartOptions): Promise<App> {
  const startedAt = performance.now()
  const cleanup = new Cleanup()
  try {
    const services = await loadServices(options.modules ?? [])
    cleanup.defer(() => services.dispose())
    return await open(options, services, cleanup, startedAt)
  } catch (error) {
    // Why the start failed is what the caller must hear, also when closing fails as well.
    await cleanup.run().catch(() => undefined)
    throw error
  }
}

async function open(
  options: StartOptions,
  services: Services,
  cleanup: Cleanup,
  startedAt: number,
): Promise<App> {
  const run = options.run ?? 'all'
  const declarations = declarationsOf(options)
  const { registry, catalog, projections } = declarations
  const problems = [
    ...declarations.problems,
    ...serviceProblems(registry, services),
    ...optionProblems(options),
  ]
  if (problems.length > 0) throw new StartError([...new Set(problems)])

  const clock = options.clock ?? systemClock
  const ids = options.ids ?? uuidV7Source()
  const host: StoreHost = { clock, ids, run }
  const size = { aggregates: registry.aggregates.length, projections: projections.length }
  let closed = (): void => undefined
  cleanup.defer(() => closed())
  const store = await (options.store ?? memory())(host)
  cleanup.defer(() => store[Symbol.asyncDispose]())
  const endLog = startLog(options.log ?? 'pretty', store.logId)
  closed = endLog
  const publish = (on: typeof channels.started, since: number): void => {
    const { logId, partitions } = store
    const diagnostic: AppDiagnostic = { logId, partitions, ...size, durationMs: performance.now() - since }
    on.publish(diagnostic)
  }
  const sources = await openSources(declarations, store, host, cleanup)
  // Snapshots that the caller brought are the caller's to close, several apps may share them; a store closes its own.
  const snapshots = options.snapshots ?? store.snapshots ?? memorySnapshots()
  const runtime = await (options.readModels ?? memoryReadModels())({ sources, projections, run, clock })
  cleanup.defer(() => runtime[Symbol.asyncDispose]())
  const { logId } = store
  const snapshotFailed = (stream: string, error: unknown): void =>
    channels.snapshotFailed.publish({ logId, stream, error })
  const otherBuilds = new OtherBuilds(
    snapshots,
    (stream, { type, category }) =>
      channels.otherBuilds.publish({ logId, aggregate: type.name, category, stream }),
    snapshotFailed,
  )
  const bus = new CommandBus({
    store,
    snapshots,
    catalog,
    clock,
    ids,
    resolve: service => services.get(service),
    commandTimeoutMs: options.commandTimeoutMs ?? DEFAULT_COMMAND_TIMEOUT_MS,
    cachedAggregates: options.cachedAggregates ?? DEFAULT_CACHED_AGGREGATES,
    hook: options.aroundCommand,
    snapshotFailed,
    snapshotMissing: (stream, aggregate) => otherBuilds.look(stream, aggregate),
  })
  const drainTimeoutMs = options.drainTimeoutMs ?? DEFAULT_DRAIN_TIMEOUT_MS
  cleanup.defer(() => noLongerThan(drainTimeoutMs / 2, bus.saveSnapshots()))
  publish(channels.started, startedAt)
  const close = async (): Promise<void> => {
    const stoppedAt = performance.now()
    closed = () => {
      publish(channels.stopped, stoppedAt)
      endLog()
    }
    await cleanup.run()
  }
  const { aggregates, routes } = registry
  const app = new App({ store, bus, aggregates, routes, runtime, run, drainTimeoutMs, close })
  cleanup.defer(stopOn(options.stopOn ?? [], () => app.stop()))
  return app
}

/** Waits for work that may be left undone: an app must end although its snapshot store hangs. */
async function noLongerThan(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([work, new Promise<void>(resolve => (timer = setTimeout(resolve, ms)))])
  clearTimeout(timer)
}

function optionProblems(options: StartOptions): readonly string[] {
  const { cachedAggregates, stopOn: signals = [] } = options
  const problems: string[] = []
  for (const name of ['commandTimeoutMs', 'drainTimeoutMs'] as const) {
    const ms = options[name]
    if (ms !== undefined && !(ms > 0 && ms <= MAX_TIMEOUT_MS))
      problems.push(`${name} is ${ms}; it is a number of milliseconds above 0, at most ${MAX_TIMEOUT_MS}`)
  }
  for (const signal of signals)
    if (!STOP_SIGNALS.includes(signal))
      problems.push(`stopOn has ${JSON.stringify(signal)}; it takes ${STOP_SIGNALS.join(', ')}`)
  if (cachedAggregates !== undefined && !(Number.isSafeInteger(cachedAggregates) && cachedAggregates >= 0))
    problems.push(`cachedAggregates is ${cachedAggregates}; it is a whole number of 0 or more`)
  return problems
}
