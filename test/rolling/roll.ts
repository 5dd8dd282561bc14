import { until } from '../projections/until.js'
import type { Kind } from './build.js'
import type { Deployment } from './deployment.js'
import { CHANGING, KEYS } from './keys.js'
import type { Service } from './service.js'

type Ending = 'SIGTERM' | 'SIGKILL'

/** Enough for every wish to have been sent. */
const ROUND = 60

/**
 * One release, taken back and done again, under load: the old build; beside it the new one, which writes newer events; the
 * old one upgraded; the new one taken away while newer events are not folded; upgraded again.
 *
 * @param ending - how processes end
 * @param whilePaused - called when the old build has met newer events
 */
export async function roll(
  deployment: Deployment,
  ending: Ending,
  whilePaused: () => Promise<void> = async () => undefined,
): Promise<void> {
  const old = await deployment.start('old', 'all')
  await rounds(deployment, 1)
  await deployment.settled()

  const writer = await deployment.start('new', 'commands')
  await pausesWhereItMust(old)
  await pausesWhereItMust(writer)
  await rounds(deployment, 2)
  await servesTheRest(deployment, old)
  await whilePaused()

  const upgraded = await deployment.start('new', 'all')
  await old.end(ending)
  await deployment.settled()

  // Back to the old build, with newer events that nobody has folded.
  await upgraded.end(ending)
  const rolledBack = await deployment.start('old', 'all')
  await rounds(deployment, 1)
  await writer.end(ending)
  await pausesWhereItMust(rolledBack)
  await servesTheRest(deployment, rolledBack)

  await rolledBack.end(ending)
  const again = await deployment.start('new', 'all')
  await deployment.settled()
  await deployment.calm()
  await deployment.settled()
  await hasTheSameStates(deployment, again)
  await again.end('SIGTERM')
  await deployment.settled()
}

/** Until so many wishes more were sent. */
async function rounds(deployment: Deployment, count: number): Promise<void> {
  const { ledger } = deployment
  const goal = ledger.sent.length + count * ROUND
  await until('the load has gone round', () => ledger.sent.length >= goal)
}

/** In the partitions with newer events the projections of accounts are paused, visibly, and nothing is parked; all else is live. */
async function pausesWhereItMust(service: Service): Promise<void> {
  let seen = ''
  await until('the old build pauses where it must', async () => {
    const { live, reasons, projections } = await service.health()
    seen = JSON.stringify({ reasons, projections })
    return (
      live &&
      projections.length === 12 &&
      projections.every(({ projection, partition, state, code, parked }) =>
        projection !== 'jars' && CHANGING.includes(partition)
          ? state === 'paused' && /^HC_EVENT_(NEWER_THAN_CODE|TYPE_UNKNOWN)$/.test(code ?? '') && parked === 0
          : (state === 'live' || state === 'catching-up') && parked === 0,
      ) &&
      reasons.filter(reason => /is paused until its process is upgraded .*event "account\./.test(reason))
        .length === 4
    )
  }).catch((error: Error) => {
    throw new Error(`${error.message}: ${seen}`)
  })
}

/** The old build takes commands of every stream without newer events, refuses all others, and its rows go on where they can. */
async function servesTheRest({ ledger }: Deployment, old: Service): Promise<void> {
  const expectOf = async (kind: Kind, key: string, isRefused: boolean): Promise<void> => {
    const code = await ledger.send(old, 'old', { kind, key })
    if ((code !== undefined) !== isRefused)
      throw new Error(`${kind} of ${key} ended with ${code ?? 'success'}`)
  }
  for (const key of [...KEYS.beside, ...KEYS.calm]) await expectOf('deposit', key, false)
  for (const key of KEYS.jars) await expectOf('fill', key, false)
  for (const key of KEYS.changed) await expectOf('tip', key, true)
}

/** The states of aggregates are what the rows say. */
async function hasTheSameStates(deployment: Deployment, service: Service): Promise<void> {
  const { rows } = await deployment.found()
  for (const { id, entries } of rows) {
    const { entries: state } = await service.show(id.startsWith('jar') ? 'jar' : 'account', id)
    if (state.join() !== entries.join())
      throw new Error(`${id} is ${state.join()}, and its row ${entries.join()}`)
  }
}
