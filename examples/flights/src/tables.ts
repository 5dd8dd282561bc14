import Table from 'cli-table3'
import type { AirportRow, HourRow, RouteRow } from './read-models.js'

const TOP = 8
const BAR_WIDTH = 28

/** The airports with the most departures. */
export function airportTable(rows: readonly AirportRow[]): string {
  return table(
    ['airport', 'departures', 'late', 'mean delay', 'worst delay'],
    top(rows, row => row.departures).map(row => [
      row.airport,
      String(row.departures),
      percent(row.late, row.departures),
      `${(row.delayMinutes / row.departures).toFixed(1)} min`,
      `${row.worstDelayMinutes} min`,
    ]),
  )
}

/** The busiest routes. */
export function routeTable(rows: readonly RouteRow[]): string {
  return table(
    ['route', 'flights', 'distance'],
    top(rows, row => row.flights).map(row => [row.route, String(row.flights), `${row.distanceMiles} mi`]),
  )
}

/** Departures by hour of day, with a bar. */
export function hourTable(rows: readonly HourRow[]): string {
  const most = Math.max(...rows.map(row => row.departures))
  return table(
    ['hour', 'departures', 'late', ''],
    rows
      .toSorted((a, b) => a.hour - b.hour)
      .map(row => [
        `${String(row.hour).padStart(2, '0')}:00`,
        String(row.departures),
        percent(row.late, row.departures),
        '█'.repeat(Math.round((row.departures / most) * BAR_WIDTH)),
      ]),
  )
}

function top<R>(rows: readonly R[], by: (row: R) => number): readonly R[] {
  return rows.toSorted((a, b) => by(b) - by(a)).slice(0, TOP)
}

function percent(part: number, whole: number): string {
  return `${((part / whole) * 100).toFixed(0)} %`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const right = head.map((_, column) => (column === 0 || head[column] === '' ? 'left' : 'right')) as (
    'left' | 'right'
  )[]
  const drawn = new Table({
    head: [...head],
    colAligns: right,
    style: { head: [], border: [], compact: true },
  })
  drawn.push(...rows.map(row => [...row]))
  return drawn.toString()
}
