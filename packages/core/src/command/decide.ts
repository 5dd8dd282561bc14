import { CONTEXT } from '../aggregate/context-key.js'
import { DomainError } from '../aggregate/errors.js'
import {
  handling,
  type AggregateContext,
  type LoadedAggregate,
  type Recording,
} from '../aggregate/emission.js'
import type { NewEvent } from '../store/event-store.js'
import { CommandTimeoutError } from './errors.js'
import type { CommandBusHost, Job } from './job.js'
import { encodeResult } from './result.js'

/** What a handler came to. @internal */
export interface Decision {
  /** Empty when the handler failed or emitted nothing. */
  readonly events: readonly NewEvent[]
  /** What the handler returned, as it comes back from its JSON text. */
  readonly result: unknown
  readonly resultText: string | undefined
  /** What the handler threw; its events are dropped. */
  readonly failure: { readonly error: unknown } | undefined
  /**
   * True when the state cannot be trusted from here on: a handler failed after it emitted or in a way that is no refusal, a
   * method that applies events threw, or one looked at a time that the log may record differently.
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
  const recording = new CommandRecording(job, host, isAsyncFunction(handlerOf(root, job)))
  context.recording = recording
  let returned: unknown
  let isLater: boolean
  try {
    returned = recording.isAsync
      ? handling.run(recording, () => callHandler(root, job, host.resolve))
      : callHandler(root, job, host.resolve)
    isLater = isPromise(returned)
  } catch (error) {
    return failed(context, recording, error)
  }
  if (!isLater) return succeeded(context, recording, job, returned)
  return withDeadline(returned as Promise<unknown>, job, host.commandTimeoutMs).then(
    result => succeeded(context, recording, job, result),
    (error: unknown) => failed(context, recording, error),
  )
}

const NO_EVENTS: readonly NewEvent[] = Object.freeze([])

class CommandRecording implements Recording {
  readonly commandId: string
  readonly stream: string
  readonly metadata: Job['metadata']
  events: NewEvent[] | undefined
  isOpen = true
  torn = false
  timeRead = false

  constructor(
    job: Job,
    readonly host: DecideHost,
    readonly isAsync: boolean,
  ) {
    this.commandId = job.commandId
    this.stream = job.stream
    this.metadata = job.metadata
  }

  nextId(): string {
    return this.host.ids.next()
  }

  now(): Date {
    return this.host.clock.now()
  }

  add(event: NewEvent): void {
    // Nearly all commands have one event, and a list that grows makes room for 16 more.
    if (this.events) this.events.push(event)
    else this.events = [event]
  }
}

function succeeded(
  context: AggregateContext,
  recording: CommandRecording,
  job: Job,
  result: unknown,
): Decision {
  close(context, recording)
  try {
    const { value, text } = encodeResult(job.route.handler.commandName, result)
    const forget = recording.timeRead || recording.torn
    return {
      events: recording.events ?? NO_EVENTS,
      result: value,
      resultText: text,
      failure: undefined,
      forget,
    }
  } catch (error) {
    return failed(context, recording, error)
  }
}

function failed(context: AggregateContext, recording: CommandRecording, error: unknown): Decision {
  close(context, recording)
  const changed = recording.events !== undefined || recording.torn || recording.timeRead
  return {
    events: NO_EVENTS,
    result: undefined,
    resultText: undefined,
    failure: { error },
    forget: changed || !(error instanceof DomainError),
  }
}

function close(context: AggregateContext, recording: Recording): void {
  recording.isOpen = false
  context.recording = undefined
}

function callHandler(root: LoadedAggregate, job: Job, resolve: CommandBusHost['resolve']): unknown {
  const { inject } = job.route.handler
  const handler = handlerOf(root, job)
  return inject.length === 0
    ? handler.call(root, job.command)
    : handler.call(root, job.command, ...inject.map(service => resolve(service)))
}

function handlerOf(root: LoadedAggregate, job: Job): (...args: unknown[]) => unknown {
  return (root as unknown as Record<string, (...args: unknown[]) => unknown>)[job.route.handler.method]!
}

const AsyncFunction = (async () => undefined).constructor

function isAsyncFunction(handler: unknown): boolean {
  return handler instanceof AsyncFunction
}

async function withDeadline(work: Promise<unknown>, job: Job, timeoutMs: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new CommandTimeoutError(job.route.handler.commandName, job.stream, timeoutMs, 'handling')),
      Math.max(1, job.startedAt + timeoutMs - performance.now()),
    )
  })
  try {
    return await Promise.race([work, expired])
  } finally {
    clearTimeout(timer)
  }
}

function isPromise(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
