import { Aggregate, AggregateRoot, Apply, Command, Event, Handle } from '@hindcast/core'

export class Added extends Event('counter.added') {
  count!: number
}
export class Add extends Command('counter.add') {
  count!: number
}

@Aggregate('counter')
export class Counter extends AggregateRoot<Added> {
  total = 0
  @Handle(Add) add(command: Add) {
    this.emit(Added, { count: command.count })
  }
  @Apply(Added) onAdded(event: Added) {
    this.total += event.count
  }
}
