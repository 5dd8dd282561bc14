import { randomUUID } from 'node:crypto'
import * as module from 'node:module'
import { pathToFileURL } from 'node:url'
import type { ModuleText } from './text-hook.js'

/** Hooks in this thread: Node from 22.15 on. */
interface SyncHooks {
  registerHooks?(hooks: {
    load(url: string, context: unknown, next: (url: string, context: unknown) => unknown): unknown
  }): { deregister(): void }
}

/**
 * Imports a module whose text is in memory as if it stood in a file: packages are found from there, and `import.meta.url` is
 * the file's. Nothing is written.
 */
export async function importText(file: string, text: string): Promise<object> {
  const mine: ModuleText = { url: `${pathToFileURL(file).href}?compiled=${randomUUID()}`, text }
  const sync = module as SyncHooks
  if (!sync.registerHooks) {
    module.register(new URL('text-hook.js', import.meta.url), { data: mine })
    return (await import(mine.url)) as object
  }
  const hooks = sync.registerHooks({
    load: (url, context, next) =>
      url === mine.url ? { format: 'module', source: mine.text, shortCircuit: true } : next(url, context),
  })
  try {
    return (await import(mine.url)) as object
  } finally {
    hooks.deregister()
  }
}
