import { describe, expect, it } from 'vitest'
import {
  Column,
  Delete,
  Key,
  Projection,
  projectionInfo,
  RowProjection,
  type Newable,
} from '../../../src/index.js'
import { Closed } from '../bank.js'

class Plain {
  readonly kind = 'plain'
}

describe('what is wrong with a row class', () => {
  it.each<[string, () => Newable, RegExp]>([
    [
      'no @Key',
      () => {
        class R {
          @Column('text') id!: string
        }
        return R
      },
      /R has no @Key/,
    ],
    [
      'two keys',
      () => {
        class R {
          @Key() @Column('text') a!: string
          @Key() @Column('text') b!: string
        }
        return R
      },
      /R has 2 @Key \(a, b\); keep one/,
    ],
    [
      'a key that is no column',
      () => {
        class R {
          @Key() id!: string
          @Column('text') other!: string
        }
        return R
      },
      /R.id has @Key but no @Column/,
    ],
    [
      'a property that is no column',
      () => {
        class R {
          @Key() @Column('text') id!: string
          forgotten = 1
        }
        return R
      },
      /R.forgotten has no @Column/,
    ],
    [
      'a nullable key',
      () => {
        class R {
          @Key() @Column('text', { nullable: true }) id!: string | null
        }
        return R
      },
      /R.id is the key and cannot be nullable/,
    ],
    [
      'a key of a type that tells no rows apart',
      () => {
        class R {
          @Key() @Column('double precision') id!: number
        }
        return R
      },
      /R.id: a key is text, uuid, integer, bigint, not double precision/,
    ],
    [
      'two different columns for one property',
      () => {
        class Base {
          @Key() @Column('text') id!: string
        }
        class R extends Base {
          @Column('uuid') declare id: string
        }
        return R
      },
      /R.id has two different @Column/,
    ],
    [
      'an unknown column type',
      () => {
        class R {
          @Key() @Column('text') id!: string
          @Column('varchar' as 'text') name!: string
        }
        return R
      },
      /R.name: "varchar" is no column type; there are text, integer/,
    ],
    [
      'a name that SQL would have to quote twice',
      () => {
        class R {
          @Key() @Column('text') 'the"id'!: string
        }
        return R
      },
      /column "the\\"id" must be letters, digits and _/,
    ],
    ['no column', () => Plain, /Plain has no @Column/],
    ['no class', () => ({ id: 'text' }) as never, /is no row class/],
  ])('is found at start: %s', (_, make, problem) => {
    @Projection('rows', { version: 1, row: make() as new () => object })
    class Rows extends RowProjection<object> {
      @Delete(Closed) closed() {}
    }
    expect(projectionInfo(Rows).problems).toContainEqual(expect.stringMatching(problem))
  })
})
