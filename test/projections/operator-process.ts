import { HindcastError, openReadModels, projectionNamed, type ReadModelOperations } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import { postgres } from '@hindcast/projections'
import { Counter, PROJECTIONS } from './counting.js'
import type { Operated, OperatorOrder } from './operator-order.js'
import { setTrap } from './trap.js'

const { log, url, trap, ...order }: OperatorOrder = JSON.parse(process.argv[2]!) as OperatorOrder
if (trap) setTrap(trap.at, () => process.kill(process.pid, trap.signal))

{
  await using opened = await openReadModels({
    store: lmdb(log),
    readModels: postgres({ url, idleInTransactionTimeoutMs: 1_000 }),
    aggregates: [Counter],
    projections: PROJECTIONS,
  })
  const said: Operated = await operate(opened.runtime.operations).then(
    () => ({ code: undefined }),
    (error: unknown) => ({ code: error instanceof HindcastError ? error.code : String(error) }),
  )
  process.send!(said)
}
process.disconnect()

function operate(operations: ReadModelOperations): Promise<unknown> {
  const { operation = 'rebuild', projection, into = '', maxEventsPerSecond } = order
  const options = maxEventsPerSecond === undefined ? {} : { maxEventsPerSecond }
  const type = projectionNamed(PROJECTIONS, projection)
  switch (operation) {
    case 'rebuild':
      return operations.rebuild(type, options)
    case 'rollback':
      return operations.rollback(type, options)
    case 'copy':
      return operations.copy(type, { into, ...options })
    case 'release':
      return operations.release(type)
  }
}
