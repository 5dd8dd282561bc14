import {
  Aggregate,
  AggregateRoot,
  Apply,
  Column,
  Command,
  Event,
  Handle,
  Hindcast,
  Key,
  Projection,
  RowProjection,
  Upsert,
  type App,
  type EventMeta,
} from '@hindcast/core'
import { kafka } from '@hindcast/kafka-store'
import { expect, it } from 'vitest'
import { brokers, kafkaSuite } from '../../../../test/servers/suites.js'
import { newFolder, newTopic } from './stage/place.js'
import { rawBatch, RawWriter } from './stage/raw-writer.js'

class Happened extends Event('test.happened') {}
class Happen extends Command('test.happen') {}

@Aggregate('account')
class Account extends AggregateRoot<Happened> {
  @Handle(Happen) happen(): void {
    this.emit(Happened, {})
  }
  @Apply(Happened) happened(): void {}
}

class TimesRow {
  @Key() @Column('text') account!: string
  @Column('integer') times!: number
}

@Projection('times', { version: 1, row: TimesRow })
class Times extends RowProjection<TimesRow> {
  @Upsert(Happened) happened(row: TimesRow | undefined, _event: Happened, { key }: EventMeta): TimesRow {
    return { account: key, times: (row?.times ?? 0) + 1 }
  }
}

/** An app on the topic as a process of its own has it: with its own index and its own read models. */
const start = (topic: string): Promise<App> =>
  Hindcast.start({
    store: kafka({ brokers, topic, partitions: 1, dataDir: newFolder() }),
    aggregates: [Account],
    projections: [Times],
    log: false,
  })

kafkaSuite('a projection of a topic with batches that never happened', () => {
  it('counts what was acknowledged and nothing else, live and from the beginning, and stands behind them', async () => {
    const topic = newTopic()
    await using live = await start(topic)
    await live.execute('1', Happen.of({}))
    const writer = await RawWriter.open(topic)
    const { logId } = live.store
    await writer.write(rawBatch({ logId, after: 0, epoch: 1, events: 2 }))
    await writer.write(rawBatch({ logId, after: 77, epoch: 1, sequence: 2 }))
    const { position: atLeast } = await live.execute('1', Happen.of({}))
    await writer.write(rawBatch({ logId, after: 0, epoch: 2, events: 3 }))

    await using later = await start(topic)
    for (const app of [live, later]) {
      expect(await app.view(Times).get('1', { atLeast })).toEqual({ account: '1', times: 2 })
      const end = await app.store.end(0, { fresh: true })
      await expect
        .poll(async () => (await app.health()).projections[0])
        .toMatchObject({
          checkpoint: end,
          lagEvents: 0,
          state: 'live',
        })
      expect(await app.view(Times).all()).toEqual([{ account: '1', times: 2 }])
    }
  })
})
