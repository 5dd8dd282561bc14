import type { LeftOut } from '@hindcast/core'
import type { Session } from '../driver/database.js'

/** @param table - `parked`, or `passed` for what was skipped */
function counting(table: 'parked' | 'passed'): string {
  const skipped = table === 'passed' ? ` and p.why = 'skipped'` : ''
  return `(select count(*) from hindcast.${table} p where p.schema = $1${skipped}
    and not exists (select from hindcast.${table} q where q.schema = $2 and q.log = p.log and q.partition = p.partition and q."offset" = p."offset"))`
}

const LEFT_OUT = `select ${counting('parked')}, ${counting('passed')}`

/** What is left out of a schema, without what is left out of another one too. */
export async function leftOutOf(session: Session, schema: string, besides = ''): Promise<LeftOut> {
  const [row] = (await session.query(LEFT_OUT, [schema, besides])).rows
  return { parked: Number(row![0]), skipped: Number(row![1]) }
}
