import assert from 'node:assert/strict'
import type { ReadModelStore, ReadSnapshot, SqlTx } from '@hindcast/core'
import { clauseWith, type ReadModelClause } from '../clause.js'
import { Owner, placeOf } from '../owner.js'
import { parkedEvent } from '../parked.js'
import { LEDGER } from '../projections.js'
import { refused, throwsThis } from '../refusal.js'
import { turn } from '../time.js'

const HERE = placeOf(LEDGER)

/** SQL, in stores that have it. */
export const sql: readonly ReadModelClause[] = [
  clauseWith(
    'sql',
    'SQL of a transaction names tables plainly and is committed with the checkpoint',
    async trial => {
      const store = await trial.open(LEDGER)
      const owner = await Owner.of(store, HERE)
      await owner.commit(async tx => {
        await insert(tx.sql!, 'a', 5n)
        assert.deepEqual((await tx.sql!.query('select amount from entries')).rows, [{ amount: 5n }])
      }, 4n)
      assert.deepEqual(await entries(store), { rows: [{ id: 'a', amount: 5n }], reached: 4n })
      assert.deepEqual(await entries(await trial.reopen(store, LEDGER)), {
        rows: [{ id: 'a', amount: 5n }],
        reached: 4n,
      })
    },
  ),

  clauseWith('sql', 'SQL of work that throws is undone', async trial => {
    const store = await trial.open(LEDGER)
    const owner = await Owner.of(store, HERE)
    const crash = new Error('crash')
    await throwsThis(crash, () =>
      store.transact(owner.fence(), async tx => {
        await insert(tx.sql!, 'a', 5n)
        throw crash
      }),
    )
    assert.deepEqual(await entries(store), { rows: [], reached: 0n })
    await owner.commit(tx => insert(tx.sql!, 'a', 6n))
  }),

  clauseWith('sql', 'SQL of a fenced transaction is not run', async trial => {
    const store = await trial.open(LEDGER)
    const frozen = await Owner.of(store, HERE)
    await Owner.of(store, HERE)
    await frozen.fencedOut()
    assert.deepEqual(await entries(store), { rows: [], reached: 0n })
  }),

  clauseWith(
    'sql',
    'work that would end the transaction is refused and undone, also when it does not mind',
    async trial => {
      const store = await trial.open(LEDGER)
      const owner = await Owner.of(store, HERE)
      for (const statement of ['commit', 'ROLLBACK', '/* then */ end', 'begin', 'savepoint a'])
        for (const minds of [true, false])
          await refused('HC_SQL_TRANSACTION', () =>
            store.transact(owner.fence(), async tx => {
              await insert(tx.sql!, 'a', 5n)
              const ending = tx.sql!.query(statement)
              await (minds ? ending : ending.catch(() => undefined))
            }),
          )
      assert.deepEqual(await entries(store), { rows: [], reached: 0n })
      await owner.commit(tx => insert(tx.sql!, 'a', 6n))
    },
  ),

  clauseWith('sql', 'work that does not mind that a statement failed commits nothing', async trial => {
    const store = await trial.open(LEDGER)
    const owner = await Owner.of(store, HERE)
    await assert.rejects(
      store.transact(owner.fence(), async tx => {
        await insert(tx.sql!, 'a', 5n)
        await tx.sql!.query('select * from no_such_table').catch(() => undefined)
      }),
    )
    assert.deepEqual(await entries(store), { rows: [], reached: 0n })
    await owner.commit(tx => insert(tx.sql!, 'a', 6n))
  }),

  clauseWith('sql', 'once the work has ended its SQL is refused', async trial => {
    const store = await trial.open(LEDGER)
    const owner = await Owner.of(store, HERE)
    let kept: SqlTx | undefined
    await owner.commit(async tx => void (kept = tx.sql))
    await assert.rejects(insert(kept!, 'late', 1n))
    await owner.commit(tx => insert(tx.sql!, 'a', 6n))
    assert.deepEqual(await entries(store), { rows: [{ id: 'a', amount: 6n }], reached: 2n })
  }),

  clauseWith('sql', 'the answer to a query and its checkpoint are of one moment', async trial => {
    const store = await trial.open(LEDGER)
    const owner = await Owner.of(store, HERE)
    let writing = true
    const writer = async (): Promise<void> => {
      try {
        await owner.commit(tx => insert(tx.sql!, 'a', 1n))
        for (let n = 2n; n <= 40n; n++) {
          await owner.commit(async tx => void (await tx.sql!.query('update entries set amount = $1', [n])))
          await turn()
        }
      } finally {
        writing = false
      }
    }
    const reader = async (): Promise<void> => {
      while (writing) {
        const { rows, reached } = await entries(store)
        assert.equal((rows[0] as { amount: bigint } | undefined)?.amount ?? 0n, reached)
        await turn()
      }
    }
    await Promise.all([writer(), reader()])
  }),

  clauseWith('sql', 'a query says whether the event at the asked offset is parked', async trial => {
    const store = await trial.open(LEDGER)
    await (await Owner.of(store, HERE)).commit(tx => tx.park([parkedEvent(3n, 'a')]), 9n)
    assert.deepEqual((await entries(store, 3n)).parked, parkedEvent(3n, 'a'))
    assert.equal((await entries(store, 4n)).parked, undefined)
  }),

  clauseWith('sql', 'a query cannot write', async trial => {
    const store = await trial.open(LEDGER)
    await (await Owner.of(store, HERE)).commit(tx => insert(tx.sql!, 'a', 5n))
    for (const text of ['delete from entries', "insert into entries values ('b', 1) returning id", 'commit'])
      await assert.rejects(store.read(HERE, { kind: 'sql', text, params: [] }), `${text} must be refused`)
    assert.deepEqual(await entries(store), { rows: [{ id: 'a', amount: 5n }], reached: 1n })
  }),
]

async function insert(tx: SqlTx, id: string, amount: bigint): Promise<void> {
  await tx.query('insert into entries (id, amount) values ($1, $2)', [id, amount])
}

function entries(store: ReadModelStore, offset = 0n): Promise<ReadSnapshot> {
  const text = 'select id, amount from entries where amount > $1 order by id'
  return store.read(HERE, { kind: 'sql', text, params: [0] }, { ...HERE, offset })
}
