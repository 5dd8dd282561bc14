import type { App, Position } from '@hindcast/core'
import { Delays, Hours, Routes, type AirportRow, type HourRow, type RouteRow } from './read-models.js'

/** All rows of the three read models. */
export interface Tables {
  readonly airports: readonly AirportRow[]
  readonly routes: readonly RouteRow[]
  readonly hours: readonly HourRow[]
}

const TIMEOUT_MS = 30_000

/** Reads the tables once they have seen every position. */
export async function readTables(app: App, positions: readonly Position[]): Promise<Tables> {
  const [airports, routes, hours] = [app.view(Delays), app.view(Routes), app.view(Hours)]
  for (const atLeast of positions)
    for (const view of [airports, routes, hours]) await view.all({ atLeast, timeoutMs: TIMEOUT_MS })
  return { airports: await airports.all(), routes: await routes.all(), hours: await hours.all() }
}
