import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** One real flight of the first quarter of 2001 in the United States. */
export interface Flight {
  /** Its place in the file: makes the command id, so that importing twice doubles nothing. */
  readonly number: number
  readonly departure: Date
  readonly origin: string
  readonly destination: string
  readonly delayMinutes: number
  readonly distanceMiles: number
}

/** Beside the package's entry, which is all that its exports name. */
const FILE = join(
  dirname(createRequire(import.meta.url).resolve('vega-datasets')),
  '../data/flights-20k.json',
)

interface Row {
  readonly date: string
  readonly delay: number
  readonly distance: number
  readonly origin: string
  readonly destination: string
}

/** The flights of the package vega-datasets, sorted by departure; the file's times are read as UTC. */
export async function readFlights(): Promise<readonly Flight[]> {
  const rows = JSON.parse(await readFile(FILE, 'utf8')) as readonly Row[]
  return rows.map((row, number) => ({
    number,
    departure: new Date(`${row.date.replaceAll('/', '-').replace(' ', 'T')}:00Z`),
    origin: row.origin,
    destination: row.destination,
    delayMinutes: row.delay,
    distanceMiles: row.distance,
  }))
}
