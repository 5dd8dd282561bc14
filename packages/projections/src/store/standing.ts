import type { CheckpointKey, OwnerReport, ProjectionVersion, Standing } from '@hindcast/core'
import type { Session } from '../driver/database.js'
import { placeParams } from '../parking/parked-sql.js'
import { schemaName } from '../schema/names.js'
import { storable } from '../value/to-sql.js'

const REPORT = `insert into hindcast.reports (schema, log, partition, epoch, report, reported_at)
select schema, log, partition, epoch, $5::jsonb, clock_timestamp() from hindcast.checkpoints
where schema = $1 and log = $2 and partition = $3 and epoch = $4
on conflict (schema, log, partition) do update
set epoch = excluded.epoch, report = excluded.report, reported_at = excluded.reported_at
where hindcast.reports.epoch <= excluded.epoch`

const STANDING = `select c.log, c.partition, c.next, c.epoch,
  (select count(*) from hindcast.parked p
    where p.schema = c.schema and p.log = c.log and p.partition = c.partition),
  r.report, extract(epoch from clock_timestamp() - r.reported_at) * 1000
from hindcast.checkpoints c
left join hindcast.reports r
  on r.schema = c.schema and r.log = c.log and r.partition = c.partition and r.epoch = c.epoch
where c.schema = $1 order by c.log, c.partition`

/** Keeps what the owner of the epoch says, if it still is the owner. @returns whether it is */
export async function keepReport(
  session: Session,
  at: CheckpointKey,
  epoch: bigint,
  { error, ...report }: OwnerReport,
): Promise<boolean> {
  const said = error
    ? { ...report, error: { code: storable(error.code), message: storable(error.message) } }
    : report
  const params = [...placeParams(at), String(epoch), JSON.stringify(said)]
  return (await session.query(REPORT, params, 'keep')).rowCount === 1
}

/** Where a version stands, in every partition that was ever claimed. */
export async function standingOf(
  session: Session,
  projection: ProjectionVersion,
): Promise<readonly Standing[]> {
  const { rows } = await session.query(STANDING, [schemaName(projection)], 'keep')
  return rows.map(([log, partition, next, epoch, parked, report, age]) => ({
    log: log!,
    partition: Number(partition),
    next: BigInt(next!),
    epoch: BigInt(epoch!),
    parked: Number(parked),
    ...(report && { report: JSON.parse(report) as OwnerReport, reportAgeMs: Math.max(0, Number(age)) }),
  }))
}
