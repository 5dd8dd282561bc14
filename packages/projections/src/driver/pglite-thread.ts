/**
 * PGlite in a thread of its own, the data folder being `workerData`: it gets bytes of PostgreSQL's protocol and answers with
 * bytes, and closes on the protocol's Terminate. The first answer, before anything was asked, says that it is open.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'

const TERMINATE = 'X'.charCodeAt(0)

const port = parentPort!
const pglite = await PGlite.create(workerData as string)
port.on('message', async (bytes: Uint8Array) => {
  if (bytes[0] === TERMINATE) {
    await pglite.close()
    port.close()
    return
  }
  // A copy of its own length, to give away: PGlite answers the first message with a part of its buffer.
  const answer = new Uint8Array(await pglite.execProtocolRaw(bytes))
  port.postMessage(answer, [answer.buffer])
})
port.postMessage(new Uint8Array())
