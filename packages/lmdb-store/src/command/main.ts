#!/usr/bin/env node
import { HindcastError } from '@hindcast/core'
import { backupLog } from '../backup/backup-log.js'
import { verifyLog } from '../backup/verify-log.js'

const USAGE = `hindcast-lmdb backup <folder> <empty folder>   copies a log while it is in use
hindcast-lmdb verify <folder>                  reads a whole log and checks everything
`

async function run(args: readonly string[]): Promise<string | undefined> {
  const [verb, folder, target] = args
  if (verb === 'backup' && folder !== undefined && target !== undefined && args.length === 3) {
    const { logId, bytes } = await backupLog(folder, target)
    return `log ${logId}: ${bytes} bytes copied to ${target}\n`
  }
  if (verb === 'verify' && folder !== undefined && args.length === 2) {
    const { logId, partitions, events, streams } = await verifyLog(folder)
    return `log ${logId}: ${events} events in ${streams} streams and ${partitions} partitions, all sound\n`
  }
  return verb === '--help' ? USAGE : undefined
}

const DAMAGE: ReadonlySet<unknown> = new Set(['HC_FOLDER_DAMAGED', 'HC_LOG_INTEGRITY'])

/** As of `hindcast`. 0: done; 1: it could not be done; 2: the command line is not understood; 3: `verify` found damage. */
function main(args: readonly string[]): Promise<number> {
  return run(args).then(
    text => {
      if (text === undefined) process.stderr.write(`usage:\n${USAGE}`)
      else process.stdout.write(text)
      return text === undefined ? 2 : 0
    },
    (error: unknown) => {
      const code = error instanceof HindcastError ? error.code : undefined
      console.error(error instanceof HindcastError ? `${code}: ${error.message}` : error)
      return args[0] === 'verify' && DAMAGE.has(code) ? 3 : 1
    },
  )
}

process.exitCode = await main(process.argv.slice(2))
