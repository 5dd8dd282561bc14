import {
  ArrayMinSize,
  IsArray,
  IsDefined,
  IsEmail,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  registerDecorator,
  ValidateIf,
  ValidateNested,
  validateSync,
} from 'class-validator'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { validateMessage } from '../../src/validation/validate.js'

class Base {
  @IsString() @Length(1, 3) name!: string
}
class Plain extends Base {
  @IsInt() @Min(0) @Max(9) count!: number
  @IsOptional() @IsIn(['a', 'b']) kind?: string
  @ValidateIf((object: Plain) => object.count > 5) @Matches(/^x/) code?: string
  @IsDefined() anything!: unknown
  @IsOptional() @IsEmail() mail?: string
  @isEven() even!: number
}
class Listed extends Base {
  @IsArray() @ArrayMinSize(1) @IsInt({ each: true }) numbers!: number[]
}
class Nested extends Base {
  @ValidateNested() inner!: Base
}

/** A rule of the user's own, which looks at the whole object. */
function isEven() {
  return (target: object, propertyName: string): void =>
    registerDecorator({
      name: 'isEven',
      target: target.constructor,
      propertyName,
      constraints: [2],
      validator: {
        validate: (value: unknown, args) =>
          typeof value === 'number' &&
          value % (args!.constraints[0] as number) === 0 &&
          args!.object instanceof Plain,
      },
    })
}

const value = fc.oneof(
  fc.constantFrom<unknown>(
    'a',
    'b',
    'x1',
    '',
    'four',
    'a@b.de',
    null,
    undefined,
    Number.NaN,
    [],
    [1],
    ['x'],
    {},
  ),
  fc.integer({ min: -2, max: 12 }),
  fc.double(),
)

describe('a message is refused exactly when class-validator refuses it', () => {
  it.each([Plain, Listed, Nested])('%o', type => {
    fc.assert(
      fc.property(
        fc.record(
          {
            name: value,
            count: value,
            kind: value,
            code: value,
            anything: value,
            mail: value,
            even: value,
            numbers: value,
            inner: value,
          },
          { requiredKeys: [] },
        ),
        data => {
          const message = Object.assign(new type(), data)
          const broken = validateSync(message, { forbidUnknownValues: false }).length > 0
          let refused = false
          try {
            validateMessage(message)
          } catch {
            refused = true
          }
          expect(refused).toBe(broken)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('sees messages of both kinds', () => {
    const good = { name: 'ab', count: 3, anything: 1, even: 2 }
    expect(() => validateMessage(Object.assign(new Plain(), good))).not.toThrow()
    expect(() => validateMessage(Object.assign(new Plain(), { ...good, even: 3 }))).toThrow(/even/)
  })
})
