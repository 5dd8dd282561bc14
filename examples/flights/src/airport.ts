import { Aggregate, AggregateRoot, Apply, Command, Event, Handle } from '@hindcast/core'
import { IsInt, IsPositive, Length } from 'class-validator'

export class FlightDeparted extends Event('airport.flight_departed') {
  @Length(3, 3) destination!: string
  @IsInt() delayMinutes!: number
  @IsInt() @IsPositive() distanceMiles!: number
}

/** A flight left later than any before it at this airport, and at least an hour late. */
export class WorstDelaySeen extends Event('airport.worst_delay_seen') {
  @Length(3, 3) destination!: string
  @IsInt() delayMinutes!: number
}

export class Depart extends Command('airport.depart')<{ readonly departures: number }> {
  @Length(3, 3) destination!: string
  @IsInt() delayMinutes!: number
  @IsInt() @IsPositive() distanceMiles!: number
}

const NOTEWORTHY_MINUTES = 60

@Aggregate('airport')
export class Airport extends AggregateRoot<FlightDeparted | WorstDelaySeen> {
  departures = 0
  worstDelayMinutes = 0

  @Handle(Depart) depart(command: Depart) {
    const { destination, delayMinutes, distanceMiles } = command
    const isWorst = delayMinutes >= NOTEWORTHY_MINUTES && delayMinutes > this.worstDelayMinutes
    this.emit(FlightDeparted, { destination, delayMinutes, distanceMiles })
    if (isWorst) this.emit(WorstDelaySeen, { destination, delayMinutes })
    return { departures: this.departures }
  }

  @Apply(FlightDeparted) onDeparted(): void {
    this.departures++
  }
  @Apply(WorstDelaySeen) onWorstDelay(event: WorstDelaySeen): void {
    this.worstDelayMinutes = event.delayMinutes
  }
}
