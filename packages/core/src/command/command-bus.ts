import { CONTEXT } from '../aggregate/context-key.js'
import type { AggregateDefinition } from '../aggregate/definition.js'
import { handling } from '../aggregate/emission.js'
import type { Conflict, StreamVersion } from '../store/event-store.js'
import { validateCommand } from '../validation/validate.js'
import { Attempt } from './attempt.js'
import { ConcurrencyError, ReentrantCommandError } from './errors.js'
import { executedBefore } from './executed-before.js'
import { makeJob, type CommandBusHost, type Job, type Route } from './job.js'
import { Mailboxes } from './mailboxes.js'
import type { Executed, ExecuteOptions } from './options.js'
import { isSnapshotDueOnStop, snapshotOf } from './snapshot-due.js'
import { SnapshotSaver } from './snapshot-saver.js'
import { takeSnapshot } from './take-snapshot.js'

/**
 * Executes commands: validate, load, decide, append, and decide again when another writer was first.
 *
 * @internal
 */
export class CommandBus {
  readonly #host: CommandBusHost
  readonly #mailboxes: Mailboxes
  readonly #saver: SnapshotSaver

  constructor(host: CommandBusHost) {
    this.#host = host
    this.#mailboxes = new Mailboxes(host.cachedAggregates)
    this.#saver = new SnapshotSaver(host.snapshots, host.snapshotFailed)
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

  /** Takes a snapshot of an aggregate now. @throws everything that `App.snapshot` names */
  snapshot(definition: AggregateDefinition, key: string): Promise<StreamVersion> {
    return takeSnapshot(this.#host, definition, key)
  }

  /** Takes the snapshots that are due when an app stops. Resolves when these, and those under way, are saved or have failed. */
  async saveSnapshots(): Promise<void> {
    for (const root of this.#mailboxes.roots()) {
      if (!isSnapshotDueOnStop(root)) continue
      try {
        this.#saver.add(snapshotOf(root))
      } catch (error) {
        this.#host.snapshotFailed(root[CONTEXT].stream, error)
      }
    }
    await this.#saver.drain()
  }

  async #run(job: Job): Promise<Executed<unknown>> {
    this.#refuseReentrance(job)
    const before = job.mayRepeat ? await executedBefore(job, this.#host.store) : undefined
    if (before) return before
    const validation = validateCommand(job.command)
    if (validation) await validation
    const mailbox = this.#mailboxes.hold(job.stream)
    try {
      const attempt = new Attempt(this.#host, this.#saver, job, mailbox)
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
