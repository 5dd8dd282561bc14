import { open } from 'lmdb'
import type { EventStore } from '@hindcast/core'
import type { RawEvent } from './log-ground.js'
import { readWhole } from './read-whole.js'

const BATCH = 1000

/** Copies a log into a file of the lmdb package, a key a number. @returns reads it with `getRange` */
export async function copyIntoLmdb(
  log: EventStore,
  folder: string,
): Promise<() => AsyncIterable<readonly RawEvent[]>> {
  const root = open<string, number>({ path: folder, encoding: 'string', noSubdir: false, mapSize: 2 ** 36 })
  let n = 0
  for await (const batch of readWhole(log))
    root.transactionSync(() => {
      for (const { stream, data } of batch) root.putSync(n++, `${stream}\n${data}`)
    })
  await root.close()
  return () => readAll(folder)
}

async function* readAll(folder: string): AsyncGenerator<readonly RawEvent[]> {
  const root = open<string, number>({ path: folder, encoding: 'string', noSubdir: false, mapSize: 2 ** 36 })
  try {
    let batch: RawEvent[] = []
    for (const { value } of root.getRange()) {
      const end = value.indexOf('\n')
      batch.push({ stream: value.slice(0, end), data: value.slice(end + 1) })
      if (batch.length < BATCH) continue
      yield batch
      batch = []
    }
    yield batch
  } finally {
    await root.close()
  }
}
