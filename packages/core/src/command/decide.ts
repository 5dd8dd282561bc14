import { CONTEXT } from '../aggregate/context-key.js'
import { DomainError } from '../aggregate/errors.js'
import { handling, type LoadedAggregate, type Recording } from '../aggregate/emission.js'
import type { AppendMetadata, NewEvent } from '../store/event-store.js'
import { CommandTimeoutError } from './errors.js'
import type { CommandBusHost, Job } from './job.js'
import { encodeResult } from './result.js'

const NO_EVENTS: readonly NewEvent[] = Object.freeze([])
const NO_METADATA: AppendMetadata = Object.freeze({})

type DecideHost = Pick<CommandBusHost, 'clock' | 'ids' | 'resolve' | 'commandTimeoutMs'>

/**
 * A command while its handler decides on a state, and what that came to. One object, since every command has one.
 *
 * @internal
 */
export class Decision implements Recording {
  /** Empty when the handler failed or emitted nothing. */
  events: readonly NewEvent[] = NO_EVENTS
  /** What the handler returned, as it comes back from its JSON text. */
  result: unknown = undefined
  resultText: string | undefined = undefined
  /** What the handler threw; its events are dropped. */
  failure: { readonly error: unknown } | undefined = undefined
  /**
   * True when the state cannot be trusted from here on: a handler failed after it emitted or in a way that is no refusal, a
   * method that applies events threw, or one looked at a time that the log may record differently.
   */
  forget = false
  isOpen = true
  torn = false
  timeRead = false
  /** The version of the last event in the state decided on. */
  readonly base: number
  readonly #job: Job

  constructor(
    readonly root: LoadedAggregate,
    job: Job,
    readonly host: DecideHost,
    readonly isAsync: boolean,
  ) {
    this.base = root[CONTEXT].version
    this.#job = job
  }

  get commandId(): string {
    return this.#job.commandId
  }

  get stream(): string {
    return this.#job.stream
  }

  get metadata(): AppendMetadata {
    return this.#job.metadata ?? NO_METADATA
  }

  nextId(): string {
    return this.host.ids.next()
  }

  now(): Date {
    return this.host.clock.now()
  }

  add(event: NewEvent): void {
    // Nearly all commands have one event, and a list that grows makes room for 16 more.
    if (this.events === NO_EVENTS) this.events = [event]
    else (this.events as NewEvent[]).push(event)
  }

  succeed(result: unknown): this {
    this.#close()
    try {
      const { value, text } = encodeResult(this.#job.route.handler.commandName, result)
      this.result = value
      this.resultText = text
      this.forget = this.timeRead || this.torn
      return this
    } catch (error) {
      return this.fail(error)
    }
  }

  fail(error: unknown): this {
    this.#close()
    const changed = this.events.length > 0 || this.torn || this.timeRead
    this.events = NO_EVENTS
    this.failure = { error }
    this.forget = changed || !(error instanceof DomainError)
    return this
  }

  #close(): void {
    this.isOpen = false
    this.root[CONTEXT].recording = undefined
  }
}

/**
 * Lets the handler of a command decide on a state, which holds the emitted events afterwards. Never throws: a failure is
 * part of the decision. Synchronous where the handler is.
 *
 * @internal
 */
export function decide(root: LoadedAggregate, job: Job, host: DecideHost): Decision | Promise<Decision> {
  const decision = new Decision(root, job, host, isAsyncFunction(handlerOf(root, job)))
  root[CONTEXT].recording = decision
  let returned: unknown
  let isLater: boolean
  try {
    returned = decision.isAsync
      ? handling.run(decision, () => callHandler(root, job, host.resolve))
      : callHandler(root, job, host.resolve)
    isLater = isPromise(returned)
  } catch (error) {
    return decision.fail(error)
  }
  if (!isLater) return decision.succeed(returned)
  return withDeadline(returned as Promise<unknown>, job, host.commandTimeoutMs).then(
    result => decision.succeed(result),
    (error: unknown) => decision.fail(error),
  )
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
