import { setTimeout as sleep } from 'node:timers/promises'
import type { ProjectionHealth } from '@hindcast/core'
import picocolors from 'picocolors'
import { said } from '../../output/said.js'
import { table, type TableColumn } from '../../output/table.js'
import type { VerbContext } from '../verb.js'
import { open } from './open.js'

const WATCH_EVERY_MS = 1_000

/** How to tell it. */
export interface StatusOptions {
  /** Tells it again every second, until ctrl-C. Default false. */
  readonly watch?: boolean
}

/** Tells how each projection stands in each partition, beside the running app or without it. */
export async function status(
  { config, output, signal }: VerbContext,
  { watch = false }: StatusOptions = {},
): Promise<void> {
  await using opened = await open(config)
  do {
    const standing = await opened.runtime.health()
    const text = statusTable(standing)
    if (watch && output.redrawn) output.redrawn.show(text)
    else output.results(standing.map(recordOf), () => text)
    if (!watch) for (const hint of hintsOf(standing)) output.note(hint)
    if (watch) await sleep(WATCH_EVERY_MS, undefined, { signal }).catch(() => undefined)
  } while (watch && !signal.aborted)
}

/** The standing as a table for people; under a row, what keeps its worker from going on. */
export function statusTable(standing: readonly ProjectionHealth[]): string {
  if (standing.length === 0) return 'the app has no projections, or its log has none of their events'
  const severalLogs = new Set(standing.map(({ log }) => log)).size > 1
  return table(severalLogs ? [LOG, ...COLUMNS] : COLUMNS, standing, ({ error }) =>
    error === undefined ? undefined : picocolors.red(`    ${said(error).code} ${said(error).message}`),
  )
}

/** What a state of nobody asks for, a sentence for each state; what an error says already is left out. */
function hintsOf(standing: readonly ProjectionHealth[]): readonly string[] {
  const count = (state: ProjectionHealth['state']): number =>
    standing.filter(each => each.state === state && each.error === undefined).length
  const [unowned, silent] = [count('unowned'), count('silent')]
  const partitions = (many: number): string => (many === 1 ? '1 partition' : `${many} partitions`)
  return [
    ...(unowned > 0
      ? [
          `unowned: nobody folds ${partitions(unowned)}. An app that has just started says so within a few seconds: look again, or --watch. ` +
            'If none runs with projections, start one: hindcast run',
        ]
      : []),
    ...(silent > 0
      ? [
          `silent: who folded ${partitions(silent)} has said nothing for 15 seconds, and is stopped, frozen or cut off. ` +
            'Another process of the app takes over by itself; if none runs, start one: hindcast run',
        ]
      : []),
  ]
}

type Column = TableColumn<ProjectionHealth>

const LOG: Column = { name: 'log', cell: ({ log }) => log }

const COLUMNS: readonly Column[] = [
  { name: 'projection', cell: ({ projection }) => projection },
  { name: 'version', cell: ({ version }) => String(version), align: 'right' },
  { name: 'partition', cell: ({ partition }) => String(partition), align: 'right' },
  { name: 'state', cell: ({ state }) => state },
  { name: 'owner', cell: ({ owner }) => owner ?? '-' },
  { name: 'lag', cell: ({ lagEvents }) => String(lagEvents), align: 'right' },
  { name: 'lag (s)', cell: ({ lagMs }) => (lagMs === undefined ? '?' : seconds(lagMs)), align: 'right' },
  { name: 'parked', cell: ({ parked }) => String(parked), align: 'right' },
  { name: 'ev/s', cell: ({ eventsPerSecond }) => String(Math.round(eventsPerSecond)), align: 'right' },
]

function seconds(ms: number): string {
  return ms < 10_000 ? (ms / 1_000).toFixed(1) : String(Math.round(ms / 1_000))
}

/** What `--json` gives of a row. */
function recordOf(health: ProjectionHealth): object {
  const { projection, version, log, partition, state, owner, checkpoint, end } = health
  const { lagEvents, lagMs, parked, eventsPerSecond, error } = health
  return {
    ...{ projection, version, log, partition, state, owner, checkpoint, end, lagEvents, lagMs, parked },
    eventsPerSecond,
    ...(error !== undefined && { error: said(error) }),
  }
}
