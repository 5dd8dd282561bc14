import type { About } from '../folder/about.js'
import type { Environment } from './environment.js'

/** An environment that several handles of this process use: LMDB allows a process to open one only once. */
export interface SharedEnvironment {
  readonly environment: Environment
  readonly about: About
  /** Called after every write of this process. */
  readonly listeners: Set<() => void>
}

interface Slot {
  readonly shared: Promise<SharedEnvironment>
  users: number
  closing?: Promise<void>
}

const SLOTS = Symbol.for('@hindcast/stream-index/environments')
/** By real path; kept globally, for there may be two copies of this package in a process. */
const slots: Map<string, Slot> = ((globalThis as { [SLOTS]?: Map<string, Slot> })[SLOTS] ??= new Map())

/** True when a handle of this process has the folder open. */
export function isOpenHere(path: string): boolean {
  return slots.has(path)
}

/** The environment of a folder: the one that is open in this process, or a new one. Give it back with {@link release}. */
export async function acquire(
  path: string,
  make: () => Promise<SharedEnvironment>,
): Promise<SharedEnvironment> {
  let slot = slots.get(path)
  while (slot?.closing) {
    await slot.closing
    slot = slots.get(path)
  }
  if (slot) slot.users++
  else slots.set(path, (slot = { shared: make(), users: 1 }))
  try {
    return await slot.shared
  } catch (error) {
    if (slots.get(path) === slot) slots.delete(path)
    throw error
  }
}

/** Ends one use; the last one closes the environment. */
export async function release(path: string): Promise<void> {
  const slot = slots.get(path)
  if (!slot || --slot.users > 0) return
  slot.closing = slot.shared.then(({ environment }) => environment.close()).finally(() => slots.delete(path))
  await slot.closing
}
