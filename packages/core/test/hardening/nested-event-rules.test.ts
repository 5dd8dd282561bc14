import { IsInt, Validate, ValidateNested, ValidatorConstraint } from 'class-validator'
import { describe, expect, it } from 'vitest'
import { Aggregate, AggregateRoot, Apply, Command, Event, Field, Handle, Hindcast } from '../../src/index.js'

@ValidatorConstraint({ async: true })
class Checked {
  async validate(): Promise<boolean> {
    return true
  }
}
class Line {
  @IsInt() cents!: number
}
class Bought extends Event('shop.bought') {
  @Field([Line]) @ValidateNested({ each: true }) lines!: readonly Line[]
}
class Place {
  @Validate(Checked) name!: string
}
class Sent extends Event('shop.sent') {
  @Field(() => Place) @ValidateNested() to!: Place
}
class Buy extends Command('shop.buy') {
  cents!: number
}
@Aggregate('shop')
class Shop extends AggregateRoot<Bought> {
  @Handle(Buy) buy({ cents }: Buy) {
    this.emit(Bought, { lines: [Object.assign(new Line(), { cents })] })
  }
  @Apply(Bought) bought() {}
}
@Aggregate('post')
class Post extends AggregateRoot<Sent> {
  @Apply(Sent) sent() {}
}

describe('the rules of a class nested in an event', () => {
  it('are checked when it is emitted', async () => {
    await using app = await Hindcast.start({ aggregates: [Shop], log: false })
    await app.execute('s', Buy.of({ cents: 5 }))
    const refused = app.execute('s', Buy.of({ cents: 0.5 }))
    await expect(refused).rejects.toMatchObject({
      code: 'HC_VALIDATION',
      violations: [{ path: 'lines[0].cents' }],
    })
  })

  it('may not be asynchronous: an event is checked while nobody waits', async () => {
    await expect(Hindcast.start({ aggregates: [Post], log: false })).rejects.toThrow(
      'event Sent has an asynchronous class-validator rule',
    )
  })
})
