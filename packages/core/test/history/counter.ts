import { Aggregate, AggregateRoot, Apply, Command, Event, Field, Handle, upcast } from '../../src/index.js'

export class Added extends Event('counter.added', { version: 2 }) {
  count!: number
}
export class Emptied extends Event('counter.emptied') {}
export class Add extends Command('counter.add') {
  count!: number
}
export class Empty extends Command('counter.empty') {}

@Aggregate('counter')
export class Counter extends AggregateRoot<Added | Emptied> {
  total = 0
  @Field(Date) last: Date | undefined

  @Handle(Add) add(command: Add) {
    this.emit(Added, { count: command.count })
  }
  @Handle(Empty) empty() {
    this.emit(Emptied)
  }
  @Apply(Added) onAdded(event: Added, { time }: { readonly time: Date }) {
    this.total += event.count
    this.last = time
  }
  @Apply(Emptied) onEmptied() {
    this.total = 0
  }
}

/** How the first version of the event, and one that nobody reads any more, are read. */
export const history = [
  upcast(Added)
    .from<{ readonly n: number }>(1)
    .up(({ n }) => ({ count: n }))
    .done(),
  upcast('counter.painted').from(1).drop(),
]
