import { describe, expect, it } from 'vitest'
import {
  Column,
  Command,
  Delete,
  Insert,
  memory,
  memoryReadModels,
  Project,
  Projection,
  projectionInfo,
  RowProjection,
  systemClock,
  Update,
  Upsert,
  uuidV7Source,
  type Newable,
  type ReadModelsHost,
} from '../../../src/index.js'
import { Balances, BalanceRow, Closed, Deposited, Opened, rowsOf } from '../bank.js'

class Other extends Command('account.other') {}
class Plain {
  readonly kind = 'plain'
}

function problemsOf(type: Newable): readonly string[] {
  return projectionInfo(type).problems
}

describe('what a projection says about itself', () => {
  it('lists its columns in the order written, its key and its events', () => {
    const definition = rowsOf(Balances)
    expect(definition).toMatchObject({ name: 'balances', version: 1, kind: 'rows' })
    expect(definition.events).toEqual([Opened, Deposited, Closed])
    expect(definition.row.key.name).toBe('id')
    expect(definition.row.columns).toEqual([
      { name: 'id', type: 'text', nullable: false },
      { name: 'owner', type: 'text', nullable: false },
      { name: 'cents', type: 'bigint', nullable: false },
    ])
  })

  it('passes folds and columns on to child classes, which may replace them', () => {
    @Projection('lenient', { version: 2, row: BalanceRow })
    class Lenient extends Balances {
      @Upsert(Deposited) override deposited(row: BalanceRow | undefined) {
        return row!
      }
    }
    const definition = rowsOf(Lenient)
    expect([...definition.folds.values()].map(fold => [fold.eventName, fold.kind])).toEqual([
      ['account.opened', 'insert'],
      ['account.deposited', 'upsert'],
      ['account.closed', 'delete'],
    ])
    expect(rowsOf(Balances).folds.get(Deposited.prototype)!.kind).toBe('update')
  })

  it('has the columns of the classes that its row class extends', () => {
    class DatedRow extends BalanceRow {
      @Column('timestamptz', { nullable: true }) at!: Date | null
    }
    @Projection('dated', { version: 1, row: DatedRow })
    class Dated extends RowProjection<DatedRow> {
      @Delete(Closed) closed() {}
    }
    expect(rowsOf(Dated).row.columns.map(column => column.name)).toEqual(['id', 'owner', 'cents', 'at'])
    expect(rowsOf(Dated).row.key.name).toBe('id')
  })

  it('lets one method fold several events', () => {
    @Projection('seen', { version: 1, row: BalanceRow })
    class Seen extends RowProjection<BalanceRow> {
      @Update(Opened) @Update(Deposited) seen(row: BalanceRow) {
        return row
      }
    }
    expect(rowsOf(Seen).folds.size).toBe(2)
  })

  it('is frozen, so that a fold can only remember what is in its row', () => {
    expect(Object.isFrozen(rowsOf(Balances).instance)).toBe(true)
  })

  it('knows a SQL projection by its @Project methods', () => {
    @Projection('routes', { version: 3, tables: 'create table routes (id text)' })
    class Routes {
      @Project(Opened) async opened() {}
    }
    expect(projectionInfo(Routes)).toMatchObject({
      kind: 'sql',
      name: 'routes',
      version: 3,
      tables: 'create table routes (id text)',
      events: [Opened],
      problems: [],
    })
  })
})

describe('what is wrong with a projection', () => {
  it.each<[string, () => Newable, RegExp]>([
    ['no @Projection', () => class Bare extends RowProjection<object> {}, /Bare has no @Projection/],
    ['no class at all', () => 'balances' as never, /balances is no projection class/],
    [
      'no fold',
      () => {
        @Projection('idle', { version: 1, row: BalanceRow })
        class Idle extends RowProjection<BalanceRow> {}
        return Idle
      },
      /Idle has no fold; add @Insert/,
    ],
    [
      'nothing to project',
      () => {
        @Projection('nothing', { version: 1 })
        class Nothing {}
        return Nothing
      },
      /Nothing projects no event; add @Project/,
    ],
    [
      'a row projection without a row class',
      () => {
        @Projection('rowless', { version: 1 } as never)
        class Rowless extends RowProjection<BalanceRow> {
          @Delete(Closed) closed() {}
        }
        return Rowless
      },
      /Rowless folds rows; name their class: @Projection\('rowless', \{ version, row/,
    ],
    [
      'folds without RowProjection',
      () => {
        class Stray {
          closed(): void {}
        }
        Delete(Closed)(Stray.prototype as never, 'closed', {})
        Projection('stray', { version: 1, row: BalanceRow })(Stray as never)
        return Stray
      },
      /Stray folds rows but does not extend RowProjection/,
    ],
    [
      'rows and SQL in one',
      () => {
        @Projection('both', { version: 1, row: BalanceRow })
        class Both extends RowProjection<BalanceRow> {
          @Delete(Closed) closed() {}
          async opened(): Promise<void> {}
        }
        Project(Opened)(Both.prototype as never, 'opened', {})
        return Both
      },
      /Both has both row folds and @Project methods/,
    ],
    [
      'two folds of one event',
      () => {
        @Projection('twice', { version: 1, row: BalanceRow })
        class Twice extends RowProjection<BalanceRow> {
          @Update(Deposited) one(row: BalanceRow) {
            return row
          }
          @Update(Deposited) two(row: BalanceRow) {
            return row
          }
        }
        return Twice
      },
      /Twice: event "account.deposited" is folded twice, by @Update one and @Update two/,
    ],
    [
      'one method that folds one event in two ways',
      () => {
        @Projection('ways', { version: 1, row: BalanceRow })
        class Ways extends RowProjection<BalanceRow> {
          @Update(Deposited) @Upsert(Deposited) both(row: BalanceRow | undefined) {
            return row ?? null
          }
        }
        return Ways
      },
      /Ways: event "account.deposited" is folded twice/,
    ],
    [
      'two SQL handlers of one event',
      () => {
        @Projection('sql_twice', { version: 1 })
        class SqlTwice {
          @Project(Opened) async one() {}
          @Project(Opened) async two() {}
        }
        return SqlTwice
      },
      /SqlTwice: event "account.opened" is projected twice, by one and two/,
    ],
    [
      'a fold of no event',
      () => {
        @Projection('commanded', { version: 1, row: BalanceRow })
        class Commanded extends RowProjection<BalanceRow> {
          @Delete(Other as never) other() {}
          @Insert(undefined as never) nothing(): BalanceRow {
            throw new Error('never called')
          }
        }
        return Commanded
      },
      /Commanded.other: @Delete needs a class that extends Event\('name'\)/,
    ],
    [
      'a key that is no function',
      () => {
        @Projection('keyed', { version: 1, row: BalanceRow })
        class Keyed extends RowProjection<BalanceRow> {
          @Delete(Closed, { key: 'id' as never }) closed() {}
        }
        return Keyed
      },
      /Keyed.closed: the option key of @Delete must be a function/,
    ],
    [
      'a constructor with arguments',
      () => {
        @Projection('needy', { version: 1, row: BalanceRow })
        class Needy extends RowProjection<BalanceRow> {
          constructor(
            readonly service?: object,
            ...more: readonly object[]
          ) {
            super()
            void more
          }
          @Delete(Closed) closed() {}
        }
        Object.defineProperty(Needy, 'length', { value: 1 })
        return Needy
      },
      /Needy: its constructor takes 1 arguments/,
    ],
    [
      'a constructor that throws',
      () => {
        @Projection('explosive', { version: 1, row: BalanceRow })
        class Explosive extends RowProjection<BalanceRow> {
          constructor() {
            super()
            throw new Error('boom')
          }
          @Delete(Closed) closed() {}
        }
        return Explosive
      },
      /Explosive: its constructor throws: boom/,
    ],
  ])('is found at start: %s', (_, make, problem) => {
    expect(problemsOf(make())).toContainEqual(expect.stringMatching(problem))
  })

  it.each([
    ['Balances', 1],
    ['', 1],
    ['1st', 1],
    ['read', 1],
    ['pg_balances', 1],
    ['bal-ances', 1],
    ['a'.repeat(51), 1],
    [7, 1],
    ['balances', 0],
    ['balances', 1.5],
    ['balances', Number.NaN],
    ['balances', '1'],
  ])('is found at start: name %j with version %j', (name, version) => {
    @Projection(name as string, { version: version as number, row: BalanceRow })
    class Named extends RowProjection<BalanceRow> {
      @Delete(Closed) closed() {}
    }
    expect(problemsOf(Named)).toHaveLength(1)
    expect(problemsOf(Named)[0]).toMatch(/^Named: projection (name|version)/)
  })
})

describe('read models in memory', () => {
  const host = async (...types: Newable[]): Promise<ReadModelsHost> => {
    const store = await memory()({ clock: systemClock, ids: uuidV7Source(), run: 'all' })
    const catalog = { decode: () => [], typesReadAs: () => new Set<string>(), knows: () => true }
    return { sources: [{ store, catalog }], projections: types.map(projectionInfo), run: 'all' }
  }

  it('do not start while anything is wrong, and list all of it', async () => {
    @Projection('balances', { version: 1, row: BalanceRow })
    class Again extends RowProjection<BalanceRow> {
      @Delete(Closed) closed() {}
    }
    @Projection('Wrong Name', { version: 1, row: Plain as never })
    class Wrong extends RowProjection<object> {}
    await expect(memoryReadModels()(await host(Balances, Again, Wrong))).rejects.toMatchObject({
      code: 'HC_PROJECTION_DEFINITION',
      problems: [
        expect.stringMatching(/Wrong: projection name "Wrong Name"/),
        expect.stringMatching(/Wrong has no fold/),
        expect.stringMatching(/Plain has no @Column/),
        expect.stringMatching(/Plain has no @Key/),
        expect.stringMatching(/Plain.kind has no @Column/),
        expect.stringMatching(/two projections are called "balances"/),
      ],
    })
  })

  it('refuse a SQL projection, and say what can run it', async () => {
    @Projection('routes', { version: 1 })
    class Routes {
      @Project(Opened) async opened() {}
    }
    await expect(memoryReadModels()(await host(Routes))).rejects.toMatchObject({
      code: 'HC_SQL_UNSUPPORTED',
      message: expect.stringMatching(/pglite\('\.\/data\/views'\) or postgres\(url\)/) as string,
    })
  })
})
