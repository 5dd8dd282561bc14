import { describe, expect, it } from 'vitest'
import { Hindcast, memory } from '@hindcast/core'
import { Airport } from '../src/airport.js'
import { flightClock } from '../src/flight-clock.js'
import { readFlights, type Flight } from '../src/flight.js'
import { importFlights } from '../src/import-flights.js'
import { Delays, Hours, LATE_MINUTES, Routes } from '../src/read-models.js'
import { readTables } from '../src/read-tables.js'

const flights = await readFlights()

function count<K>(of: (flight: Flight) => K, only: (flight: Flight) => boolean = () => true): Map<K, number> {
  const counts = new Map<K, number>()
  for (const flight of flights) if (only(flight)) counts.set(of(flight), (counts.get(of(flight)) ?? 0) + 1)
  return counts
}

describe('20,000 flights', () => {
  it('end in tables that agree with a direct count over the file, also when imported twice', async () => {
    expect(flights).toHaveLength(20_000)
    await using app = await Hindcast.start({
      store: memory(),
      aggregates: [Airport],
      projections: [Delays, Routes, Hours],
      clock: flightClock,
      log: false,
    })
    const first = await importFlights(app, flights)
    expect(first.repeated).toBe(0)
    const again = await importFlights(app, flights)
    expect(again.repeated).toBe(20_000)
    const { airports, routes, hours } = await readTables(app, again.positions)

    const isLate = (flight: Flight): boolean => flight.delayMinutes > LATE_MINUTES
    expect(new Map(airports.map(row => [row.airport, row.departures]))).toEqual(
      count(flight => flight.origin),
    )
    expect(new Map(airports.filter(row => row.late > 0).map(row => [row.airport, row.late]))).toEqual(
      count(flight => flight.origin, isLate),
    )
    expect(new Map(routes.map(row => [row.route, row.flights]))).toEqual(
      count(flight => `${flight.origin} → ${flight.destination}`),
    )
    expect(new Map(hours.map(row => [row.hour, row.departures]))).toEqual(
      count(flight => flight.departure.getUTCHours()),
    )
    const minutes = flights.reduce((sum, flight) => sum + flight.delayMinutes, 0)
    expect(airports.reduce((sum, row) => sum + row.delayMinutes, 0)).toBe(minutes)
    const worst = Math.max(...flights.map(flight => flight.delayMinutes))
    expect(Math.max(...airports.map(row => row.worstDelayMinutes))).toBe(worst)
  }, 300_000)
})
