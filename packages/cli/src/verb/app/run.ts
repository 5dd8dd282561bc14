import { once } from 'node:events'
import { Hindcast } from '@hindcast/core'
import type { VerbContext } from '../verb.js'

/** The longest that a timer of Node can wait. */
const FOREVER_MS = 2_147_483_647

/** What this process does of the app. */
export interface RunOptions {
  /** Default: what the config says, else everything. */
  readonly run?: 'all' | 'commands' | 'workers'
}

/** Runs the app until it is told to end, then finishes what it accepted. */
export async function run({ config, output, signal }: VerbContext, options: RunOptions = {}): Promise<void> {
  await using app = await Hindcast.start({
    ...config,
    log: config.log ?? (output.json ? 'json' : 'pretty'),
    ...options,
  })
  const alive = setInterval(() => undefined, FOREVER_MS) // an app that waits for nothing would let the process end
  try {
    if (!signal.aborted) await once(signal, 'abort')
    await app.stop()
  } finally {
    clearInterval(alive)
  }
}
