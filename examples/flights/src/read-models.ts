import { Column, Key, Projection, RowProjection, Upsert, type EventMeta } from '@hindcast/core'
import { FlightDeparted, WorstDelaySeen } from './airport.js'

/** So many minutes a departure may be behind its time before it counts as late. */
export const LATE_MINUTES = 15

export class AirportRow {
  @Key() @Column('text') airport!: string
  @Column('integer') departures!: number
  @Column('integer') late!: number
  @Column('integer') delayMinutes!: number
  @Column('integer') worstDelayMinutes!: number
}

/** Departures and delays by airport. */
@Projection('delays', { version: 1, row: AirportRow })
export class Delays extends RowProjection<AirportRow> {
  @Upsert(FlightDeparted) departed(row: AirportRow | undefined, event: FlightDeparted, meta: EventMeta) {
    return withDeparture(row, event, meta, LATE_MINUTES)
  }
  @Upsert(WorstDelaySeen) worst(row: AirportRow | undefined, event: WorstDelaySeen) {
    return withWorst(row, event)
  }
}

/** The same with a later idea of what is late: an hour. Its version lives beside the one before. */
@Projection('delays', { version: 2, row: AirportRow })
export class PatientDelays extends RowProjection<AirportRow> {
  @Upsert(FlightDeparted) departed(row: AirportRow | undefined, event: FlightDeparted, meta: EventMeta) {
    return withDeparture(row, event, meta, 60)
  }
  @Upsert(WorstDelaySeen) worst(row: AirportRow | undefined, event: WorstDelaySeen) {
    return withWorst(row, event)
  }
}

function withDeparture(
  row: AirportRow | undefined,
  { delayMinutes }: FlightDeparted,
  { key }: EventMeta,
  lateMinutes: number,
): AirportRow {
  const airport = row ?? { airport: key, departures: 0, late: 0, delayMinutes: 0, worstDelayMinutes: 0 }
  airport.departures++
  airport.delayMinutes += delayMinutes
  if (delayMinutes > lateMinutes) airport.late++
  return airport
}

function withWorst(row: AirportRow | undefined, { delayMinutes }: WorstDelaySeen): AirportRow | null {
  if (row) row.worstDelayMinutes = delayMinutes
  return row ?? null
}

export class RouteRow {
  @Key() @Column('text') route!: string
  @Column('integer') flights!: number
  @Column('integer') distanceMiles!: number
}

/** How often each route is flown. */
@Projection('routes', { version: 1, row: RouteRow })
export class Routes extends RowProjection<RouteRow> {
  @Upsert(FlightDeparted, { key: (event, meta) => `${meta.key} → ${event.destination}` })
  flown(row: RouteRow | undefined, event: FlightDeparted, meta: EventMeta) {
    const { distanceMiles } = event
    const route = row ?? { route: `${meta.key} → ${event.destination}`, flights: 0, distanceMiles }
    route.flights++
    return route
  }
}

export class HourRow {
  @Key() @Column('integer') hour!: number
  @Column('integer') departures!: number
  @Column('integer') late!: number
}

/** Departures by hour of day: rows that events of all partitions fold into. */
@Projection('hours', { version: 1, row: HourRow })
export class Hours extends RowProjection<HourRow> {
  @Upsert(FlightDeparted, { key: (_, meta) => String(meta.time.getUTCHours()) })
  departed(row: HourRow | undefined, event: FlightDeparted, meta: EventMeta) {
    const hour = row ?? { hour: meta.time.getUTCHours(), departures: 0, late: 0 }
    hour.departures++
    if (event.delayMinutes > LATE_MINUTES) hour.late++
    return hour
  }
}
