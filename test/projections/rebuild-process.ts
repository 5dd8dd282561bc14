import { subscribe } from 'node:diagnostics_channel'
import {
  HindcastError,
  openReadModels,
  projectionNamed,
  type BuildProgress,
  type StepDiagnostic,
} from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
import { postgres } from '@hindcast/projections'
import { Counter, PROJECTIONS } from './counting.js'
import type { Rebuilt, RebuildOrder } from './rebuild-order.js'

const { log, url, projection, trap }: RebuildOrder = JSON.parse(process.argv[2]!) as RebuildOrder
let seen = 0

subscribe('hindcast:projections:step', message => {
  if (
    trap &&
    'step' in trap.at &&
    (message as StepDiagnostic).step === trap.at.step &&
    ++seen === trap.at.time
  )
    process.kill(process.pid, trap.signal)
})
subscribe('hindcast:projections:build-progress', message => {
  if (trap && 'phase' in trap.at && (message as BuildProgress).phase === trap.at.phase && seen++ === 0)
    process.kill(process.pid, trap.signal)
})

{
  await using opened = await openReadModels({
    store: lmdb(log),
    readModels: postgres({ url, idleInTransactionTimeoutMs: 1_000 }),
    aggregates: [Counter],
    projections: PROJECTIONS,
  })
  const said: Rebuilt = await opened.runtime.operations
    .rebuild(projectionNamed(PROJECTIONS, projection))
    .then(
      () => ({ code: undefined }),
      (error: unknown) => ({ code: error instanceof HindcastError ? error.code : String(error) }),
    )
  process.send!(said)
}
process.disconnect()
