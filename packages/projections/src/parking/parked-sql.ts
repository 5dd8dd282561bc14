import type { CheckpointKey, ParkedEvent, PassedEvent, RequestOutcome } from '@hindcast/core'
import type { SqlText } from '../driver/database.js'
import { schemaName } from '../schema/names.js'
import { arrayItems, arrayText } from '../value/array-text.js'
import { timeFromSql } from '../value/from-sql.js'
import { storable } from '../value/to-sql.js'

const PLACE = ['schema', 'log', 'partition']
const EVENT = [
  '"offset"',
  'stream',
  'stream_version',
  'type',
  'keys',
  'code',
  'message',
  'parked_at',
  'retries',
]
const EVENT_TYPES = ['bigint', 'text', 'integer', 'text', 'text', 'text', 'text', 'timestamptz', 'integer']
const RECORD = ['why', 'reason']

/** Where a checkpoint is, in a statement whose first parameters are its place. */
export const AT_PLACE = 'schema = $1 and log = $2 and partition = $3'

/** The columns of a parked event. */
export const PARKED_COLUMNS: string = EVENT.join(', ')

/** Parks events again and again under their offset. */
export const PARK: string = insert('parked', EVENT, EVENT_TYPES)
/** Records events that are left out. */
export const PASS: string = insert('passed', [...EVENT, ...RECORD], [...EVENT_TYPES, 'text', 'text'])
/** Forgets the parked events at the offsets $4. */
export const UNPARK: string = `delete from hindcast.parked where ${AT_PLACE} and "offset" = any($4::bigint[])`
/** What is parked, in order. */
export const PARKED: string = `select ${PARKED_COLUMNS} from hindcast.parked where ${AT_PLACE} order by "offset"`
/** What was left out, in order. */
export const PASSED: string = `select ${PARKED_COLUMNS}, why, reason from hindcast.passed where ${AT_PLACE} order by "offset"`
/** Every key that has a parked event. */
export const PARKED_KEYS: string = `select distinct unnest(keys) from hindcast.parked where ${AT_PLACE}`

/** Writes many events with one parameter a column; keys travel as the text of an array. */
function insert(table: string, columns: readonly string[], types: readonly string[]): string {
  const names = columns.map((_, index) => `c${index}`)
  const values = names.map((name, index) => (columns[index] === 'keys' ? `${name}::text[]` : name))
  const arrays = types.map((type, index) => `$${index + 4}::${type}[]`)
  const others = columns.slice(1).map(column => `${column} = excluded.${column}`)
  return (
    `insert into hindcast.${table} (${[...PLACE, ...columns].join(', ')}) ` +
    `select $1, $2, $3::integer, ${values.join(', ')} from unnest(${arrays.join(', ')}) e(${names.join(', ')}) ` +
    `on conflict (${[...PLACE, '"offset"'].join(', ')}) do update set ${others.join(', ')}`
  )
}

/** The parameters that name a place. */
export function placeParams(at: CheckpointKey): string[] {
  return [schemaName(at), at.log, String(at.partition)]
}

/** The further parameters of PARK; of several events with one offset the last one counts. */
export function parkedParams(events: readonly ParkedEvent[]): SqlText[] {
  return columnsOf(events, [])
}

/** The further parameters of PASS. */
export function passedParams(events: readonly PassedEvent[]): SqlText[] {
  return columnsOf(events, [event => event.why, event => event.reason])
}

type Write<T> = (event: T) => string

function columnsOf<T extends ParkedEvent>(events: readonly T[], more: readonly Write<T>[]): SqlText[] {
  const last = [...new Map(events.map(event => [event.offset, event])).values()]
  const columns: Write<T>[] = [
    event => String(event.offset),
    event => event.stream,
    event => String(event.streamVersion),
    event => event.type,
    event => arrayText(event.keys.map(storable)),
    event => event.code,
    event => event.message,
    event => event.parkedAt.toISOString(),
    event => String(event.retries),
    ...more,
  ]
  return columns.map(write => arrayText(last.map(event => storable(write(event)))))
}

/** A parked event from the values of PARKED_COLUMNS. */
export function parkedEvent(values: readonly SqlText[]): ParkedEvent {
  const [offset, stream, streamVersion, type, keys, code, message, parkedAt, retries] = values as string[]
  return {
    offset: BigInt(offset!),
    stream: stream!,
    streamVersion: Number(streamVersion),
    type: type!,
    keys: arrayItems(keys!) as string[],
    code: code!,
    message: message!,
    parkedAt: timeFromSql(parkedAt!) as Date,
    retries: Number(retries),
  }
}

/** A record from the values of PARKED_COLUMNS, why and reason. */
export function passedEvent(values: readonly SqlText[]): PassedEvent {
  const [why, reason] = values.slice(-2) as [PassedEvent['why'], string]
  return { ...parkedEvent(values), why, reason }
}

/** Answers a request. */
export const ANSWER = `update hindcast.requests set outcome = $3::jsonb
where schema = $1 and id = $2`

/** An outcome as JSON that the database can store. */
export function outcomeText(outcome: RequestOutcome): string {
  const { error } = outcome
  return JSON.stringify(
    error ? { ...outcome, error: { code: storable(error.code), message: storable(error.message) } } : outcome,
  )
}
