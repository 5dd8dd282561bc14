import { randomUUID } from 'node:crypto'
import { writeSync } from 'node:fs'
import { systemClock, uuidV7Source } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'

/**
 * Appends until the disk is full, alone and in groups, and goes on for a while. Prints a line at once for each answer, so
 * that what was said counts however the process ends: the id, and the code where it was refused. The limit of a file's size
 * (ulimit -f) stands in for the full disk.
 */
const [folder] = process.argv.slice(2)
const REFUSALS = 40
// Without a handler the system ends the process at the limit.
process.on('SIGXFSZ', () => undefined)

const store = await lmdb(folder!)({ clock: systemClock, ids: uuidV7Source(), run: 'all' })
let refusals = 0

async function append(): Promise<void> {
  const id = randomUUID()
  const event = { id, type: 'a.b', schemaVersion: 1, data: JSON.stringify({ filler: 'x'.repeat(3000) }) }
  try {
    await store.append([{ stream: `account-${id}`, expected: 'none', events: [event] }], { commandId: id })
    writeSync(1, `${id}\n`)
  } catch (error) {
    refusals++
    writeSync(1, `${id} ${(error as { code: string }).code}\n`)
  }
}

while (refusals < REFUSALS) {
  await append()
  await Promise.all(Array.from({ length: 5 }, append))
}
await store[Symbol.asyncDispose]()
writeSync(1, 'closed\n')
