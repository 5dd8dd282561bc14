import type { Comparison, Difference, TableComparison } from '@hindcast/core'
import picocolors from 'picocolors'
import { number } from '../../output/progress-text.js'

/** What a comparison found, for people: a line a table, then the first differences. */
export function comparisonText({ tables, differentRows, first }: Comparison): string {
  const lines = tables.map(tableLine)
  if (first.length > 0) {
    const shown = first.length < differentRows ? `, the first ${first.length} differences` : ''
    lines.push(
      `${number(differentRows)} ${differentRows === 1 ? 'row is' : 'rows are'} not the same${shown}:`,
    )
  }
  return [...lines, ...first.map(differenceLine)].join('\n')
}

function tableLine({
  table,
  rowsBefore,
  rowsAfter,
  differentRows,
  addedColumns,
  removedColumns,
}: TableComparison): string {
  if (rowsBefore === undefined) return `table ${table} is new, with ${number(rowsAfter ?? 0)} rows`
  if (rowsAfter === undefined) return `table ${table} is gone; it has ${number(rowsBefore)} rows now`
  const columns = [
    ...(addedColumns.length > 0 ? [`new columns ${addedColumns.join(', ')}`] : []),
    ...(removedColumns.length > 0 ? [`without columns ${removedColumns.join(', ')}`] : []),
  ]
  const same =
    differentRows === 0 ? picocolors.green('identical') : picocolors.red(`${number(differentRows)} different`)
  return [
    `table ${table}: ${number(rowsBefore)} rows before, ${number(rowsAfter)} after, ${same}`,
    ...columns,
  ].join('; ')
}

function differenceLine({ table, row, column, before, after }: Difference): string {
  const where = `  ${table} ${row}`
  if (before === undefined) return `${where}  ${picocolors.green(`only after: ${after ?? ''}`)}`
  if (after === undefined) return `${where}  ${picocolors.red(`only before: ${before}`)}`
  return `${where} ${column ?? ''}  ${picocolors.red(before)} → ${picocolors.green(after)}`
}
