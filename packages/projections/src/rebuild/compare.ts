import type { Comparison, Difference, TableComparison } from '@hindcast/core'
import type { Session } from '../driver/database.js'
import { identifier } from '../schema/names.js'
import { behind, cutOf, shownCut } from '../cut/cut.js'

const FIRST = 20

const COLUMNS = `
select c.relname, a.attname, coalesce(a.attnum = any(i.indkey), false)
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_index i on i.indrelid = c.oid and i.indisprimary
where c.relnamespace = to_regnamespace($1) and c.relkind in ('r', 'p') order by c.relname, a.attnum`

interface Columns {
  readonly all: readonly string[]
  readonly key: readonly string[]
}

/**
 * Compares all tables of two schemas that stand still at one cut: in one snapshot, row by row, in the columns that both have, by
 * what PostgreSQL writes for them.
 */
export async function compare(session: Session, before: string, after: string): Promise<Comparison> {
  await session.script('begin isolation level repeatable read read only')
  const [old, cut] = [await cutOf(session, before), await cutOf(session, after)]
  if (
    behind(old, cut).length > 0 ||
    behind(
      cut,
      old.filter(({ log }) => cut.some(each => each.log === log)),
    ).length > 0
  )
    throw new Error(
      `schemas ${before} (${shownCut(old)}) and ${after} (${shownCut(cut)}) do not stand at one cut`,
    )
  const tablesBefore = await columnsOf(session, before)
  const tablesAfter = await columnsOf(session, after)
  const tables: TableComparison[] = []
  const first: Difference[] = []
  for (const table of new Set([...tablesBefore.keys(), ...tablesAfter.keys()])) {
    const pair = new TablePair(session, table, before, after)
    const [was, is] = [tablesBefore.get(table), tablesAfter.get(table)]
    tables.push(was && is ? await pair.compare(was, is) : await pair.onlyOne(was !== undefined))
    if (was && is && first.length < FIRST) first.push(...(await pair.first(was, is, FIRST - first.length)))
  }
  await session.script('rollback')
  return { cut, tables, differentRows: tables.reduce((sum, each) => sum + each.differentRows, 0), first }
}

async function columnsOf(session: Session, schema: string): Promise<ReadonlyMap<string, Columns>> {
  const tables = new Map<string, { all: string[]; key: string[] }>()
  for (const [table, column, isKey] of (await session.query(COLUMNS, [identifier(schema)])).rows) {
    const columns = tables.get(table!) ?? { all: [], key: [] }
    tables.set(table!, columns)
    columns.all.push(column!)
    if (isKey === 't') columns.key.push(column!)
  }
  return tables
}

/** One table in both schemas. */
class TablePair {
  readonly #session: Session
  readonly #table: string
  readonly #before: string
  readonly #after: string

  constructor(session: Session, table: string, before: string, after: string) {
    this.#session = session
    this.#table = table
    this.#before = `${identifier(before)}.${identifier(table)}`
    this.#after = `${identifier(after)}.${identifier(table)}`
  }

  async onlyOne(before: boolean): Promise<TableComparison> {
    const rows = await this.#count(before ? this.#before : this.#after)
    const one = before ? { rowsBefore: rows } : { rowsAfter: rows }
    return { table: this.#table, ...one, differentRows: 0, addedColumns: [], removedColumns: [] }
  }

  async compare(before: Columns, after: Columns): Promise<TableComparison> {
    const [answer] = (await this.#session.query(`select count(*) from ${this.#different(before, after)}`))
      .rows
    return {
      table: this.#table,
      rowsBefore: await this.#count(this.#before),
      rowsAfter: await this.#count(this.#after),
      differentRows: Number(answer![0]),
      addedColumns: after.all.filter(column => !before.all.includes(column)),
      removedColumns: before.all.filter(column => !after.all.includes(column)),
    }
  }

  async first(before: Columns, after: Columns, limit: number): Promise<readonly Difference[]> {
    const { rows } = await this.#session.query(
      `select k::text, b::text, a::text from ${this.#different(before, after)} order by k::text collate "C" limit ${limit}`,
    )
    return rows
      .flatMap(([key, was, is]) => differences(this.#table, key!, was ?? null, is ?? null))
      .slice(0, limit)
  }

  async #count(name: string): Promise<number> {
    return Number((await this.#session.query(`select count(*) from ${name}`)).rows[0]![0])
  }

  /** The rows that are not the same: `k` names one, `b` and `a` are what is there before and after as JSON, or null. */
  #different(before: Columns, after: Columns): string {
    const common = before.all.filter(column => after.all.includes(column))
    const keyed = before.key.length > 0 && before.key.join() === after.key.join()
    const json = (columns: readonly string[], of: string): string =>
      `jsonb_build_object(${columns.map(column => `'${column.replaceAll("'", "''")}', ${of}.${identifier(column)}`).join(', ')})`
    const text = (of: string): string =>
      `row(${common.map(column => `${of}.${identifier(column)}`).join(', ')})::text`
    if (keyed) {
      const on = before.key.map(column => `x.${identifier(column)} = y.${identifier(column)}`).join(' and ')
      const first = identifier(before.key[0]!)
      return (
        `(select case when x.${first} is null then ${json(before.key, 'y')} else ${json(before.key, 'x')} end k, ` +
        `case when x.${first} is not null then ${json(common, 'x')} end b, case when y.${first} is not null then ${json(common, 'y')} end a ` +
        `from ${this.#before} x full join ${this.#after} y on ${on} ` +
        `where x.${first} is null or y.${first} is null or ${text('x')} is distinct from ${text('y')}) different`
      )
    }
    const side = (name: string, sign: 1 | -1): string =>
      `select ${text('t')} r, ${json(common, 't')} j, ${sign} n from ${name} t`
    return (
      `(select j k, case when sum(n) > 0 then j end b, case when sum(n) < 0 then j end a ` +
      `from (${side(this.#before, 1)} union all ${side(this.#after, -1)}) both_sides ` +
      `group by r, j having sum(n) <> 0) different`
    )
  }
}

/** The columns that differ; one entry for a row that only one side has. */
function differences(
  table: string,
  row: string,
  before: string | null,
  after: string | null,
): readonly Difference[] {
  if (before === null || after === null)
    return [{ table, row, ...(before !== null && { before }), ...(after !== null && { after }) }]
  const [was, is] = [JSON.parse(before), JSON.parse(after)] as Record<string, unknown>[]
  return Object.keys(was!)
    .filter(column => JSON.stringify(was![column]) !== JSON.stringify(is![column]))
    .map(column => ({
      table,
      row,
      column,
      before: JSON.stringify(was![column]),
      after: JSON.stringify(is![column]),
    }))
}
