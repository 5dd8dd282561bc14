import { handling } from '../aggregate/emission.js'
import type { Conflict } from '../store/event-store.js'
import { validateCommand } from '../validation/validate.js'
import { Attempt } from './attempt.js'
import { ConcurrencyError, ReentrantCommandError } from './errors.js'
import { executedBefore } from './executed-before.js'
import { makeJob, type CommandBusHost, type Job, type Route } from './job.js'
import { Mailboxes } from './mailboxes.js'
import type { Executed, ExecuteOptions } from './options.js'

/**
 * Executes commands: validate, load, decide, append, and decide again when another writer was first.
 *
 * @internal
 */
export class CommandBus {
  readonly #host: CommandBusHost
  readonly #mailboxes: Mailboxes

  constructor(host: CommandBusHost) {
    this.#host = host
    this.#mailboxes = new Mailboxes(host.cachedAggregates)
  }

  /** @throws everything that `App.execute` names */
  execute(route: Route, key: string, command: object, options: ExecuteOptions): Promise<Executed<unknown>> {
    const job = makeJob(this.#host, route, key, command, options)
    const { hook } = this.#host
    if (!hook) return this.#run(job)
    const { stream, commandId } = job
    return hook({ command, name: route.handler.commandName, key, stream, commandId, options }, () =>
      this.#run(job),
    )
  }

  async #run(job: Job): Promise<Executed<unknown>> {
    this.#refuseReentrance(job)
    const before = job.mayRepeat ? await executedBefore(job, this.#host.store) : undefined
    if (before) return before
    const validation = validateCommand(job.command)
    if (validation) await validation
    const mailbox = this.#mailboxes.hold(job.stream)
    try {
      const attempt = new Attempt(this.#host, job, mailbox)
      for (let attempts = 1; ; attempts++) {
        const outcome = await attempt.run(attempts === 1)
        if ('executed' in outcome) return outcome.executed
        this.#refuseWhenOver(job, attempts, outcome.again)
      }
    } finally {
      this.#mailboxes.release(job.stream, mailbox)
    }
  }

  /** A handler that waits for a command on its own stream would wait for itself. */
  #refuseReentrance(job: Job): void {
    const outer = handling.getStore()
    if (outer?.isOpen && outer.host === this.#host && outer.stream === job.stream)
      throw new ReentrantCommandError(job.route.handler.commandName, job.stream)
  }

  #refuseWhenOver(job: Job, attempts: number, conflict: Conflict | undefined): void {
    if (performance.now() >= job.deadline)
      throw new ConcurrencyError(
        job.route.handler.commandName,
        job.stream,
        conflict?.expected ?? 'any',
        conflict?.actual ?? 'none',
        attempts,
        this.#host.commandTimeoutMs,
      )
  }
}
