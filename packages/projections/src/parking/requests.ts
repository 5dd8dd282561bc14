import type { ParkedRequest, ProjectionVersion, RequestOutcome } from '@hindcast/core'
import type { Session } from '../driver/database.js'
import { schemaName } from '../schema/names.js'
import { arrayItems, arrayText } from '../value/array-text.js'
import { storable } from '../value/to-sql.js'
import { placeParams } from './parked-sql.js'

const MAKE = `insert into hindcast.requests (schema, log, partition, id, action, keys, reason)
values ($1, $2, $3, $4, $5, $6::text[], $7) on conflict (schema, id) do nothing`
const OPEN = `select log, partition, id, action, keys, reason from hindcast.requests
where schema = $1 and outcome is null order by made`
const OUTCOME = 'select outcome from hindcast.requests where schema = $1 and id = $2'

/** Writes a request; one that is known stays as it was. */
export async function makeRequest(session: Session, request: ParkedRequest): Promise<void> {
  const { id, action, keys, reason } = request
  const params = [...placeParams(request), id, action, arrayText(keys.map(storable)), storable(reason)]
  await session.query(MAKE, params)
}

/** The requests that nobody has answered yet, in the order in which they were made. */
export async function openRequests(
  session: Session,
  projection: ProjectionVersion,
): Promise<readonly ParkedRequest[]> {
  const { rows } = await session.query(OPEN, [schemaName(projection)], 'keep')
  return (rows as string[][]).map(([log, partition, id, action, keys, reason]) => ({
    ...projection,
    log: log!,
    partition: Number(partition),
    id: id!,
    action: action as ParkedRequest['action'],
    keys: arrayItems(keys!) as string[],
    reason: reason!,
  }))
}

/** What became of a request. */
export async function outcomeOf(
  session: Session,
  projection: ProjectionVersion,
  id: string,
): Promise<RequestOutcome | undefined> {
  const [row] = (await session.query(OUTCOME, [schemaName(projection), id], 'keep')).rows
  return row?.[0] ? (JSON.parse(row[0]) as RequestOutcome) : undefined
}
