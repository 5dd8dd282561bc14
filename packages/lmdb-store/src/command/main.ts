#!/usr/bin/env node
import { backupLog } from '../backup/backup-log.js'
import { verifyLog } from '../backup/verify-log.js'

const USAGE = `hindcast-lmdb backup <folder> <empty folder>   copies a log while it is in use
hindcast-lmdb verify <folder>                  reads a whole log and checks everything`

async function run([verb, folder, target]: readonly string[]): Promise<string> {
  if (verb === 'backup' && folder !== undefined && target !== undefined) {
    const { logId, bytes } = await backupLog(folder, target)
    return `log ${logId}: ${bytes} bytes copied to ${target}`
  }
  if (verb === 'verify' && folder !== undefined) {
    const { logId, partitions, events, streams } = await verifyLog(folder)
    return `log ${logId}: ${events} events in ${streams} streams and ${partitions} partitions, all sound`
  }
  throw new Error(`usage:\n${USAGE}`)
}

run(process.argv.slice(2)).then(
  text => console.log(text),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  },
)
