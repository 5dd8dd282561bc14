import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { HindcastError } from '../error/hindcast-error.js'
import type {
  HaltDiagnostic,
  SetAsideDiagnostic,
  UnattendedDiagnostic,
  WaitingDiagnostic,
} from '../projection/diagnostics/channels.js'
import type {
  AppDiagnostic,
  CommandDiagnostic,
  OtherBuildsDiagnostic,
  SnapshotDiagnostic,
} from './diagnostics.js'

/** How an app tells people what it does: for people, for machines, or not at all. It writes to standard error. */
export type LogFormat = 'pretty' | 'json' | false

type Level = 'info' | 'warn' | 'error'

interface Entry {
  readonly level: Level
  readonly message: string
  readonly [field: string]: unknown
}

type Describe = (message: never) => Entry | undefined

/** Which diagnostics a person wants to read: starts, stops, and what nobody else will report. */
const DESCRIPTIONS: Readonly<Record<string, Describe>> = {
  'hindcast:core:started': (m: AppDiagnostic) => ({
    level: 'info',
    message: `started in ${m.durationMs.toFixed(0)} ms: log ${m.logId}, ${m.partitions} partitions, ${m.aggregates} aggregates, ${m.projections} projections`,
    ...m,
  }),
  'hindcast:core:stopped': (m: AppDiagnostic) => ({
    level: 'info',
    message: `stopped in ${m.durationMs.toFixed(0)} ms, everything accepted is finished`,
    ...m,
  }),
  'hindcast:core:snapshot-failed': (m: SnapshotDiagnostic) => ({
    level: 'warn',
    message: `no snapshot of stream "${m.stream}" was taken, loading stays slower: ${textOf(m.error)}`,
    logId: m.logId,
    stream: m.stream,
  }),
  'hindcast:core:snapshots-of-other-builds': (m: OtherBuildsDiagnostic) => ({
    level: 'info',
    message:
      `snapshots of ${m.aggregate} are of other builds, which this one does not read (first seen at stream "${m.stream}"): ` +
      'its streams are loaded from all their events until this build has taken snapshots of its own',
    ...m,
  }),
  'hindcast:core:command': (m: CommandDiagnostic) =>
    m.error === undefined || isExpected(m.error)
      ? undefined
      : {
          level: 'error',
          message: `command "${m.command}" on stream "${m.stream}" failed: ${textOf(m.error)}`,
          logId: m.logId,
          command: m.command,
          stream: m.stream,
          code: m.outcome,
        },
  'hindcast:projections:stopped': halted('error', 'stopped'),
  'hindcast:projections:set-aside': setAside,
  'hindcast:projections:waiting': waiting,
  'hindcast:projections:unattended': unattended,
  'hindcast:projections:paused': halted('warn', 'is paused until this process is upgraded'),
}

/** Says which events failed and were left out; what only waits behind them is not worth a line. */
function setAside({ logId, projection, partition, parked, passed }: SetAsideDiagnostic): Entry | undefined {
  const failed = [...parked.filter(event => event.code !== 'HC_PARKED_BEHIND'), ...passed]
  const [first] = failed
  return first === undefined
    ? undefined
    : {
        level: 'error',
        message:
          `projection "${projection}" has ${parked.length > 0 ? 'parked' : 'skipped'} ${failed.length} failing ` +
          `${failed.length === 1 ? 'event' : 'events'} of partition ${partition} and goes on: ${first.code}: ${first.message}`,
        logId,
        projection,
        partition,
      }
}

/** Says what a projection waits for before it can begin. */
function waiting({ logId, projection, error }: WaitingDiagnostic): Entry {
  const reason = error instanceof Error ? error.message : String(error)
  return { level: 'warn', message: `projection "${projection}" waits: ${reason}`, logId, projection }
}

/** Says that readers read rows which nobody keeps up to date. */
function unattended({ logId, projection, version }: UnattendedDiagnostic): Entry {
  return {
    level: 'warn',
    message: `no worker folds projection "${projection}" version ${version}, which readers read now: its rows stand still until an app with it runs`,
    logId,
    projection,
    version,
  }
}

/** Says that a projection goes no further in a partition. */
function halted(level: Level, what: string): (halt: HaltDiagnostic) => Entry {
  return ({ logId, projection, partition, error }) => ({
    level,
    message: `projection "${projection}" ${what}, at partition ${partition}: ${textOf(error)}`,
    logId,
    projection,
    partition,
  })
}

/** Starts logging for the app of one log; returns what ends it. @internal */
export function startLog(format: LogFormat, logId: string): () => void {
  if (format === false) return () => undefined
  const write = format === 'json' ? writeJson : writePretty
  const ends = Object.entries(DESCRIPTIONS).map(([name, describe]) => {
    const listener = (message: unknown): void => {
      if ((message as { logId?: string }).logId !== logId) return
      const entry = describe(message as never)
      if (entry) write(entry)
    }
    subscribe(name, listener)
    return () => unsubscribe(name, listener)
  })
  return () => {
    for (const end of ends) end()
  }
}

/** Errors that answer the caller and are no news to the operator. */
function isExpected(error: unknown): boolean {
  return error instanceof HindcastError
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function writePretty({ level, message }: Entry): void {
  const time = new Date().toISOString().slice(11, 23)
  const mark = { info: ' ', warn: '!', error: '✗' }[level]
  process.stderr.write(`${time} ${mark} hindcast ${message}\n`)
}

function writeJson(entry: Entry): void {
  const replacer = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry }, replacer)}\n`)
}
