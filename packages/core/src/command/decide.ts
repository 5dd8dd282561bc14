import { CONTEXT } from '../aggregate/context-key.js'
import type { LoadedAggregate, Recording } from '../aggregate/emission.js'
import type { NewEvent } from '../store/event-store.js'
import { CommandTimeoutError } from './errors.js'
import type { CommandBusHost, Job } from './job.js'
import { encodeResult } from './result.js'

/** What a handler came to. @internal */
export interface Decision {
  /** Empty when the handler failed or emitted nothing. */
  readonly events: readonly NewEvent[]
  readonly result: unknown
  readonly resultText: string | undefined
  /** What the handler threw; its events are dropped. */
  readonly failure: { readonly error: unknown } | undefined
  /**
   * True when the state cannot be trusted from here on: a failed handler had emitted, or an @Apply method looked at a time
   * that the log may record differently.
   */
  readonly forget: boolean
}

type DecideHost = Pick<CommandBusHost, 'clock' | 'ids' | 'resolve' | 'commandTimeoutMs'>

/**
 * Lets the handler of a command decide on a state, which holds the emitted events afterwards. Never throws: a failure is
 * part of the decision. Synchronous where the handler is.
 *
 * @internal
 */
export function decide(root: LoadedAggregate, job: Job, host: DecideHost): Decision | Promise<Decision> {
  const context = root[CONTEXT]
  const recording: Recording = {
    commandId: job.commandId,
    nextId: () => host.ids.next(),
    now: () => host.clock.now(),
    metadata: job.metadata,
    events: [],
    timeRead: false,
  }
  const succeed = (result: unknown): Decision => {
    context.recording = undefined
    try {
      const resultText = encodeResult(job.route.handler.commandName, result)
      return { events: recording.events, result, resultText, failure: undefined, forget: recording.timeRead }
    } catch (error) {
      return fail(error)
    }
  }
  const fail = (error: unknown): Decision => {
    context.recording = undefined
    const forget = recording.events.length > 0 || recording.timeRead
    return { events: [], result: undefined, resultText: undefined, failure: { error }, forget }
  }
  context.recording = recording
  let returned: unknown
  try {
    returned = callHandler(root, job, host.resolve)
  } catch (error) {
    return fail(error)
  }
  if (!isPromise(returned)) return succeed(returned)
  return withDeadline(returned, job, host.commandTimeoutMs).then(succeed, fail)
}

function callHandler(root: LoadedAggregate, job: Job, resolve: CommandBusHost['resolve']): unknown {
  const { method, inject } = job.route.handler
  const handler = root as unknown as Record<string, (...args: unknown[]) => unknown>
  return inject.length === 0
    ? handler[method]!(job.command)
    : handler[method]!(job.command, ...inject.map(service => resolve(service)))
}

async function withDeadline(work: Promise<unknown>, job: Job, timeoutMs: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new CommandTimeoutError(job.route.handler.commandName, job.stream, timeoutMs, 'handling')),
      Math.max(1, job.deadline - performance.now()),
    )
  })
  try {
    return await Promise.race([work, expired])
  } finally {
    clearTimeout(timer)
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
