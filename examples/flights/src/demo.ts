import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Hindcast } from '@hindcast/core'
import { Airport } from './airport.js'
import { writeDelayPlot } from './delay-plot.js'
import { flightClock } from './flight-clock.js'
import { readFlights } from './flight.js'
import { importFlights } from './import-flights.js'
import { logPlace, tablesPlace, type Flags } from './places.js'
import { progressBar } from './progress-bar.js'
import { delaysBeforeFebruary, FEBRUARY, rebuildDelays, swapDelays } from './operate.js'
import { Delays, Hours, PatientDelays, Routes, type AirportRow } from './read-models.js'
import { readTables } from './read-tables.js'
import { airportTable, hourTable, routeTable } from './tables.js'

/** Imports the flights, folds and shows them, and operates on the tables. @throws Error when a table does not count every flight once */
export async function demo(flags: Flags): Promise<void> {
  const startedAt = performance.now()
  const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(2)

  const flights = await readFlights()
  await mkdir(flags.data, { recursive: true })
  const [log, tablesIn] = [logPlace(flags), tablesPlace(flags)]
  console.log(
    `${flights.length} real flights of early 2001 become commands; the log is in ${log.name}, the tables in ${tablesIn.name}`,
  )
  await using app = await Hindcast.start({
    store: log.open,
    readModels: tablesIn.open,
    aggregates: [Airport],
    projections: [Delays, PatientDelays, Routes, Hours],
    clock: flightClock,
    log: false,
  })

  const bar = progressBar('commands', flights.length)
  const importedAt = performance.now()
  const imported = await importFlights(app, flights, bar.update)
  bar.stop()
  const rate = Math.round((flights.length / (performance.now() - importedAt)) * 1000)
  console.log(
    `${flights.length - imported.repeated} written, ${imported.repeated} known from before, in ${seconds(importedAt)} s (${rate} commands/s)`,
  )

  const readAt = performance.now()
  const tables = await readTables(app, imported.positions)
  console.log(`read models: up to the last flight in another ${seconds(readAt)} s`)

  console.log(
    `\nDepartures and delays by airport (late: more than 15 minutes)\n${airportTable(tables.airports)}`,
  )
  console.log(`\nBusiest routes\n${routeTable(tables.routes)}`)
  console.log(`\nDepartures by hour of day\n${hourTable(tables.hours)}`)
  const plot = join(flags.data, 'departures.svg')
  await writeDelayPlot(tables.hours, plot)
  console.log(`\nThe same as a picture: ${plot}`)

  const { durationMs, comparison } = await rebuildDelays(app)
  console.log(
    `\nrebuilt beside in ${(durationMs / 1000).toFixed(2)} s: ${comparison?.differentRows} rows differ, swapped`,
  )
  const { late, reads } = await swapDelays(app)
  console.log(
    `late by 15 minutes: ${late[0]}; swapped to late by an hour: ${late[1]}; rolled back: ${late[2]}; ` +
      `read ${reads} times meanwhile`,
  )
  const january = await delaysBeforeFebruary(app)
  console.log(`\nAs of ${FEBRUARY.toISOString().slice(0, 10)}\n${airportTable(january)}`)

  const total = departures(tables.airports)
  for (const [counted, expected] of [
    [total, flights.length],
    [departures(january), flights.filter(({ departure }) => departure < FEBRUARY).length],
    [late[2], late[0]],
  ] as const)
    if (counted !== expected) throw new Error(`a read model counts ${counted} instead of ${expected}`)
  console.log(
    `demo ok: ${total} departures, ${tables.airports.length} airports, ${tables.routes.length} routes, ${seconds(startedAt)} s`,
  )
}

function departures(rows: readonly AirportRow[]): number {
  return rows.reduce((sum, row) => sum + row.departures, 0)
}
