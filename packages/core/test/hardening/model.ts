import { IsArray, IsInt, IsOptional } from 'class-validator'
import { Aggregate, AggregateRoot, Apply, Command, DomainError, Event, Handle } from '../../src/index.js'

export class Listed extends Event('basket.listed') {
  @IsInt() amount!: number
  @IsOptional() @IsArray() tags?: string[]
}
export class Put extends Command('basket.put')<{ readonly items: number[] }> {
  @IsInt() amount!: number
  @IsOptional() @IsArray() tags?: string[]
}
export class PutOrShrug extends Command('basket.put_or_shrug') {
  @IsInt() amount!: number
}
export class Show extends Command('basket.show')<{ readonly sum: number; readonly tags: string[] }> {}

@Aggregate('basket')
export class Basket extends AggregateRoot<Listed> {
  items: number[] = []
  sum = 0
  tags: string[] = []
  @Handle(Put) put({ amount, tags }: Put) {
    this.emit(Listed, { amount, ...(tags && { tags }) })
    return { items: this.items }
  }
  @Handle(PutOrShrug) putOrShrug({ amount }: PutOrShrug) {
    try {
      this.emit(Listed, { amount })
    } catch {
      // The rule forbids it: then nothing happens.
    }
  }
  @Handle(Show) show() {
    return { sum: this.sum, tags: [...this.tags] }
  }
  @Apply(Listed) listed({ amount, tags }: Listed) {
    this.sum += amount
    if (this.sum > 100) throw new DomainError('basket.full', 'the basket is full')
    this.items.push(amount)
    if (tags) this.tags = tags
  }
}
