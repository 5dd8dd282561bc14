import { randomUUID } from 'node:crypto'
import { systemClock, uuidV7Source } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'

/**
 * Appends until the disk is full, alone and in groups, and goes on for a while; then prints which appends were acknowledged
 * and how the others were refused. The limit of a file's size (ulimit -f) stands in for the full disk.
 */
const [folder] = process.argv.slice(2)
const REFUSALS = 40
// Without a handler the system ends the process at the limit.
process.on('SIGXFSZ', () => undefined)

const store = await lmdb(folder!)({ clock: systemClock, ids: uuidV7Source(), run: 'all' })
const acknowledged: string[] = []
const refused: { readonly id: string; readonly code: string }[] = []

async function append(): Promise<void> {
  const id = randomUUID()
  const event = { id, type: 'a.b', schemaVersion: 1, data: JSON.stringify({ filler: 'x'.repeat(3000) }) }
  try {
    await store.append([{ stream: `account-${id}`, expected: 'none', events: [event] }], { commandId: id })
    acknowledged.push(id)
  } catch (error) {
    refused.push({ id, code: (error as { code: string }).code })
  }
}

while (refused.length < REFUSALS) {
  await append()
  await Promise.all(Array.from({ length: 5 }, append))
}
await store[Symbol.asyncDispose]()
process.stdout.write(JSON.stringify({ acknowledged, refused }))
