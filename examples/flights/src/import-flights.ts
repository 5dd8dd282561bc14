import { comparePositions, parsePosition, type App, type Position } from '@hindcast/core'
import { Depart } from './airport.js'
import type { Flight } from './flight.js'
import { at } from './flight-clock.js'

/** What an import came to. */
export interface Imported {
  readonly flights: number
  /** Flights that an earlier import had brought in already. */
  readonly repeated: number
  /** The last position written in each partition: a view that has seen them all has seen every flight. */
  readonly positions: readonly Position[]
}

/**
 * Sends every flight as a command, side by side within an hour and hour after hour: a log's time never runs
 * backwards, so a flight overtaken by a later one would be recorded with the later one's time.
 * The command id is derived from the flight's number: importing again, or after a crash, doubles nothing.
 */
export async function importFlights(
  app: App,
  flights: readonly Flight[],
  onProgress: (done: number) => void = () => undefined,
): Promise<Imported> {
  const last = new Map<number, Position>()
  let done = 0
  let repeated = 0
  const send = async ({ number, departure, origin, destination, delayMinutes, distanceMiles }: Flight) => {
    const command = Depart.of({ destination, delayMinutes, distanceMiles })
    const executed = await at(departure, () =>
      app.execute(origin, command, { commandId: `flight-${number}` }),
    )
    if (executed.repeated) repeated++
    const { partition } = parsePosition(executed.position)
    const before = last.get(partition)
    if (before === undefined || comparePositions(before, executed.position) < 0)
      last.set(partition, executed.position)
    onProgress(++done)
  }
  for (const hour of byHour(flights)) await Promise.all(hour.map(send))
  return { flights: flights.length, repeated, positions: [...last.values()] }
}

function* byHour(flights: readonly Flight[]): Iterable<readonly Flight[]> {
  let hour: Flight[] = []
  for (const flight of flights) {
    if (hour[0] && hourOf(hour[0]) !== hourOf(flight)) {
      yield hour
      hour = []
    }
    hour.push(flight)
  }
  if (hour.length > 0) yield hour
}

function hourOf(flight: Flight): string {
  return flight.departure.toISOString().slice(0, 13)
}
