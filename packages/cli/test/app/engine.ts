import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  HindcastError,
  memoryReadModels,
  projectionInfo,
  type BuildOptions,
  type Comparison,
  type Cut,
  type ReadModelOperations,
  type ReadModelsFactory,
  type VersionStanding,
} from '@hindcast/core'

const BUILT = 'data/built'
/** How many records it pretends to fold. */
export const TOTAL = 200
const LEFT_OUT = { parked: 0, skipped: 1 }
const since = new Date('2026-01-01')
const cut: Cut = [{ log: 'log', partition: 0, next: 201n }]

const comparison: Comparison = {
  cut,
  tables: [
    {
      table: 'totals',
      rowsBefore: 2,
      rowsAfter: 3,
      differentRows: 2,
      addedColumns: ['rank'],
      removedColumns: [],
    },
  ],
  differentRows: 2,
  first: [
    { table: 'totals', row: '"a"', column: 'total', before: '1', after: '2' },
    { table: 'totals', row: '"c"', after: '{"id":"c"}' },
  ],
}

class DiffersError extends HindcastError<'HC_REBUILD_DIFFERS'> {
  override readonly name = 'RebuildDiffersError'
  readonly comparison = comparison
  constructor() {
    super(
      'HC_REBUILD_DIFFERS',
      'schema totals_v1_rebuild was built and is not swapped in: 2 rows are not the same',
    )
  }
}

/** Counts to 200 and keeps in a file how far it is, as a build keeps checkpoints. */
async function build({ signal, onProgress }: BuildOptions): Promise<boolean> {
  mkdirSync('data', { recursive: true })
  const resumed = existsSync(BUILT)
  const begun = resumed ? Number(readFileSync(BUILT, 'utf8')) : 0
  for (let events = begun; events <= TOTAL; events++) {
    signal?.throwIfAborted()
    writeFileSync(BUILT, String(events))
    onProgress?.({
      ...{ projection: 'totals', version: 1, schema: 'totals_v1_rebuild', phase: 'building', partitions: [] },
      ...{ events, totalEvents: TOTAL, eventsPerSecond: 100, etaMs: (TOTAL - events) * 10 },
    })
    await sleep(10)
  }
  return resumed
}

const standing = (schema: string, role: VersionStanding['role']): VersionStanding => ({
  ...{ projection: 'totals', version: 1, schema, role, since, cut, leftOut: LEFT_OUT, sizeBytes: 24_576 },
  ...(role === 'building' && { build: { kind: 'rebuild', owner: 'host:7', since, running: false } }),
})

const operations: ReadModelOperations = {
  async rebuild(type, { acceptDifferences = false, ...options } = {}) {
    const resumed = await build(options)
    if (!acceptDifferences && process.env['DIFFERS'] === '1') throw new DiffersError()
    const { name: projection, version } = projectionInfo(type)
    const kept = 'totals_v1_before'
    return {
      projection,
      version,
      schema: 'totals_v1',
      kept,
      resumed,
      events: 200,
      durationMs: 2_000,
      cut,
      leftOut: LEFT_OUT,
      attended: false,
    }
  },
  async copy(type, { into, asOf, from }) {
    const { name: projection, version } = projectionInfo(type)
    const end = asOf instanceof Date ? [{ ...cut[0]!, next: BigInt(asOf.getTime()) }] : (asOf ?? cut)
    const begin = from instanceof Date || !from ? [{ ...cut[0]!, next: 0n }] : from
    return {
      projection,
      version,
      schema: into,
      resumed: false,
      from: begin,
      cut: end,
      events: 7,
      durationMs: 3,
      leftOut: LEFT_OUT,
    }
  },
  async rollback(projection, { to = 'totals_v1_before' } = {}) {
    const name = typeof projection === 'string' ? projection : projectionInfo(projection).name
    return { projection: name, version: 1, schema: to, kept: 'totals_v1', cut, attended: true }
  },
  async release(_, { schema } = {}) {
    return schema === undefined ? ['totals_v1_before', 'totals_v1_rebuild'] : [schema]
  },
  async versions() {
    return [
      standing('totals_v1', 'active'),
      standing('totals_v1_before', 'kept'),
      standing('totals_v1_rebuild', 'building'),
    ]
  },
}

/** Read models whose operations only pretend, so that what the command line makes of them can be seen. */
export const pretended: ReadModelsFactory = async host => {
  const runtime = await memoryReadModels()(host)
  return {
    ...{ operations, inHand: [] },
    view: () => {
      throw new Error('not asked for')
    },
    parked: type => runtime.parked(type),
    health: () => runtime.health(),
    [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose](),
  }
}
