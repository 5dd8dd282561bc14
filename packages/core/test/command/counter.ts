import { IsInt, IsOptional, IsString, Max, Min } from 'class-validator'
import {
  Aggregate,
  AggregateRoot,
  Apply,
  Command,
  DomainError,
  Event,
  Handle,
  token,
} from '../../src/index.js'

/** A counter with a lowest value: the smallest aggregate with a rule that other writers can break. */
export class Added extends Event('counter.added') {
  @IsInt() amount!: number
  @IsOptional() @IsString() note?: string
}
export class Unapplied extends Event('counter.unapplied') {}

export class Add extends Command('counter.add')<{ readonly total: number }> {
  @IsInt() @Min(-100) @Max(100) amount!: number
  @IsOptional() @IsString() note?: string
}
export class Look extends Command('counter.look')<{ readonly total: number }> {}
export class EmitUnapplied extends Command('counter.emit_unapplied') {}
export class AddThenThrow extends Command('counter.add_then_throw') {}
export class AddLarge extends Command('counter.add_large') {
  @IsInt() bytes!: number
}
export class Slow extends Command('counter.slow')<{ readonly total: number }> {}
export class ReturnDate extends Command('counter.return_date')<{ readonly at: string }> {}

export type Gate = () => Promise<void>
export const GATE = token<Gate>('gate')

@Aggregate('counter')
export class Counter extends AggregateRoot<Added | Unapplied> {
  total = 0

  @Handle(Add) add({ amount, note }: Add) {
    if (this.total + amount < 0)
      throw new DomainError('counter.below_zero', `${this.total} ${amount} is below zero`)
    this.emit(Added, { amount, ...(note !== undefined && { note }) })
    return { total: this.total }
  }
  @Handle(Look) look() {
    return { total: this.total }
  }
  @Handle(EmitUnapplied) emitUnapplied() {
    this.emit(Added, { amount: 1 })
    this.emit(Unapplied)
  }
  @Handle(AddThenThrow) addThenThrow() {
    this.emit(Added, { amount: 1 })
    throw new DomainError('counter.changed_mind', 'no, rather not')
  }
  @Handle(AddLarge) addLarge({ bytes }: AddLarge) {
    this.emit(Added, { amount: 1, note: 'x'.repeat(bytes) })
  }
  @Handle(Slow, { inject: [GATE] }) async slow(_: Slow, gate: Gate) {
    await gate()
    this.emit(Added, { amount: 1 })
    return { total: this.total }
  }
  @Handle(ReturnDate) returnDate() {
    this.emit(Added, { amount: 1 })
    return { at: new Date(0) as unknown as string }
  }
  @Apply(Added) added(event: Added) {
    this.total += event.amount
  }
}
