import { Hindcast, type App } from '@hindcast/core'
import { postgres } from '@hindcast/projections'
import { storeOf } from '../projections/appending.js'
import { noting } from '../snapshots/noting.js'
import { newBuild } from './new-build.js'
import { oldBuild } from './old-build.js'
import type { Executed, Health, Question, Said, ServiceOrder, Shown } from './protocol.js'

const order = JSON.parse(process.argv[2]!) as ServiceOrder
const build = order.build === 'old' ? oldBuild : newBuild
const reads: number[] = []
const app: App = await Hindcast.start({
  store: async host => noting(await storeOf(order.log, order.dataDir)(host), reads),
  readModels: postgres({
    url: order.url,
    connections: 3,
    idleInTransactionTimeoutMs: 1_000,
    ownerTimeoutMs: 3_000,
  }),
  aggregates: build.aggregates,
  projections: build.projections,
  upcasters: build.upcasters,
  run: order.run,
  cachedAggregates: order.cachedAggregates,
  stopOn: ['SIGTERM'],
  log: false,
})
process.on('message', (question: Question) => {
  void answer(question).then(said => say({ number: question.number, answer: said }))
})
say('started')

async function answer(question: Question): Promise<unknown> {
  if (question.ask === 'execute') return await execute(question)
  if (question.ask === 'show') return await show(question)
  return await health()
}

async function show({ aggregate, key }: Extract<Question, { ask: 'show' }>): Promise<Shown> {
  const before = reads.length
  const { result } = await app.execute(key, build.show(aggregate) as never)
  return { entries: result as unknown as readonly string[], foldedFrom: reads.slice(before) }
}

async function execute({ kind, key, id }: Extract<Question, { ask: 'execute' }>): Promise<Executed> {
  try {
    const { version } = await app.execute(key, build.command(kind, id) as never, { commandId: id })
    return { version }
  } catch (error) {
    return { code: codeOf(error) ?? String(error) }
  }
}

async function health(): Promise<Health> {
  const { live, ready, reasons, projections } = await app.health()
  return {
    live,
    ready,
    reasons,
    projections: projections.map(({ projection, partition, state, error, parked, owner }) => ({
      projection,
      partition,
      state,
      code: codeOf(error),
      parked,
      owner,
    })),
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as { readonly code?: string } | undefined)?.code
}

function say(said: Said): void {
  if (process.connected) process.send!(said, () => undefined)
}
