import { IsInt, IsObject, Min, Validate, ValidateNested, ValidatorConstraint } from 'class-validator'
import { describe, expect, it } from 'vitest'
import { Aggregate, AggregateRoot, Apply, Command, Event, Handle, Hindcast, memory } from '../../src/index.js'

@ValidatorConstraint({ async: true })
class NobodyAllows {
  async validate(): Promise<boolean> {
    return false
  }
  defaultMessage(): string {
    return 'nobody allows it'
  }
}
const taken = new Set<string>()
@ValidatorConstraint({ async: true })
class NotTaken {
  async validate(name: string): Promise<boolean> {
    return !taken.has(name)
  }
}
class Claim extends Command('till.claim')<{ readonly name: string }> {
  @Validate(NotTaken) name!: string
}
class Address {
  @Validate(NobodyAllows) street!: string
}
class Paid extends Event('till.paid') {
  @IsInt() @Min(1) cents!: number
}
class Pay extends Command('till.pay') {
  @IsObject() body!: object
}
class Send extends Command('till.send') {
  @ValidateNested() to!: Address
}

@Aggregate('till')
class Till extends AggregateRoot<Paid> {
  @Handle(Pay) pay({ body }: Pay) {
    this.emit(Paid, body as { cents: number })
  }
  @Handle(Send) send() {
    this.emit(Paid, { cents: 1 })
  }
  @Handle(Claim) claim({ name }: Claim) {
    this.emit(Paid, { cents: 1 })
    taken.add(name)
    return { name }
  }
  @Apply(Paid) paid() {
    // nothing
  }
}
const start = () => Hindcast.start({ store: memory(), aggregates: [Till], log: false })

describe('the rules of a class are checked', () => {
  it('also the asynchronous ones of a nested class', async () => {
    await using app = await start()
    const to = Object.assign(new Address(), { street: 'x' })
    await expect(app.execute('t', Send.of({ to }))).rejects.toMatchObject({ code: 'HC_VALIDATION' })
  })

  it('also when JSON from outside has a property called "constructor"', async () => {
    await using app = await start()
    const body = JSON.parse('{"cents":-5,"constructor":{"name":"x"}}') as object
    await expect(app.execute('t', Pay.of({ body }))).rejects.toMatchObject({
      code: expect.stringMatching(/^HC_/),
    })
  })

  it('a text as "constructor" is refused with a code', async () => {
    await using app = await start()
    const body = JSON.parse('{"cents":5,"constructor":"x"}') as object
    await expect(app.execute('t', Pay.of({ body }))).rejects.toMatchObject({
      code: expect.stringMatching(/^HC_/),
    })
  })

  it('a command without a prototype is refused with a code', async () => {
    await using app = await start()
    await expect(app.execute('t', Object.create(null) as Pay)).rejects.toMatchObject({
      code: 'HC_COMMAND_UNKNOWN',
    })
  })
})

describe('a repeated command', () => {
  it('gives the first result also when an asynchronous rule would refuse it by now', async () => {
    await using app = await start()
    const first = await app.execute('t', Claim.of({ name: 'ada' }), { commandId: 'claim' })
    const again = await app
      .execute('t', Claim.of({ name: 'ada' }), { commandId: 'claim' })
      .catch((error: unknown) => error)
    expect(again).toEqual({ ...first, repeated: true })
  })
})
