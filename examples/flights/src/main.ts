import { SingleBar } from 'cli-progress'
import { Hindcast } from '@hindcast/core'
import { Airport } from './airport.js'
import { flightClock } from './flight-clock.js'
import { readFlights } from './flight.js'
import { importFlights } from './import-flights.js'
import { Delays, Hours, Routes } from './read-models.js'
import { readTables } from './read-tables.js'
import { airportTable, hourTable, routeTable } from './tables.js'

const startedAt = performance.now()
const flights = await readFlights()
await using app = await Hindcast.start({
  aggregates: [Airport],
  projections: [Delays, Routes, Hours],
  clock: flightClock,
  log: false,
})

console.log(`${flights.length} real flights of early 2001 become commands to ${Airport.name} aggregates:`)
const bar = new SingleBar({
  format: '  {bar} {percentage}% | {value}/{total} commands | {rate}/s',
  noTTYOutput: false,
  hideCursor: true,
})
bar.start(flights.length, 0, { rate: '0' })
const importedAt = performance.now()
const imported = await importFlights(app, flights, done =>
  bar.update(done, { rate: ((done / (performance.now() - importedAt)) * 1000).toFixed(0) }),
)
bar.stop()
const importMs = performance.now() - importedAt

const readAt = performance.now()
const tables = await readTables(app, imported.positions)
const catchUpMs = performance.now() - readAt

console.log(
  `\nDepartures and delays by airport (late: more than 15 minutes)\n${airportTable(tables.airports)}`,
)
console.log(`\nBusiest routes\n${routeTable(tables.routes)}`)
console.log(`\nDepartures by hour of day\n${hourTable(tables.hours)}`)

const total = tables.airports.reduce((sum, row) => sum + row.departures, 0)
if (total !== flights.length)
  throw new Error(`the read model counts ${total} departures of ${flights.length} flights`)
const rate = ((flights.length / importMs) * 1000).toFixed(0)
console.log(
  `\n${imported.flights - imported.repeated} commands in ${(importMs / 1000).toFixed(2)} s (${rate}/s), ` +
    `${imported.repeated} known from before; read models ${catchUpMs.toFixed(0)} ms behind the last one`,
)
console.log(
  `demo ok: ${total} departures, ${tables.airports.length} airports, ${tables.routes.length} routes, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
)
