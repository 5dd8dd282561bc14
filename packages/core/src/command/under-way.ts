import { channels, type CommandDiagnostic } from '../app/diagnostics.js'
import { HindcastError } from '../error/hindcast-error.js'
import type { Job } from './job.js'

/** What every command has from its call on. @internal */
export type Begun = Pick<Job, 'route' | 'key' | 'startedAt'>

/** The commands that have not ended yet; says of each how it ended. @internal */
export class UnderWay {
  readonly #logId: string
  readonly #jobs = new Set<Begun>()
  #idle: (() => void)[] = []

  constructor(logId: string) {
    this.#logId = logId
  }

  begin(job: Begun): void {
    this.#jobs.add(job)
  }

  /** @param failure - what it was rejected with; undefined when it was done */
  end(job: Begun, repeated: boolean, failure: { readonly error: unknown } | undefined): void {
    this.#jobs.delete(job)
    if (channels.command.hasSubscribers) this.#publish(job, repeated, failure)
    if (this.#jobs.size === 0 && this.#idle.length > 0) for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** Resolves when none is under way. */
  async whenIdle(): Promise<void> {
    if (this.#jobs.size > 0) await new Promise<void>(resolve => this.#idle.push(resolve))
  }

  /** What is under way, a sentence each. */
  left(): readonly string[] {
    const now = performance.now()
    return Array.from(
      this.#jobs,
      ({ route, key, startedAt }) =>
        `command "${route.handler.commandName}" on stream "${route.aggregate.category}-${key}", ${Math.round(now - startedAt)} ms under way`,
    )
  }

  #publish(
    { route, key, startedAt }: Begun,
    repeated: boolean,
    failure: { readonly error: unknown } | undefined,
  ): void {
    const diagnostic: CommandDiagnostic = {
      logId: this.#logId,
      command: route.handler.commandName,
      stream: `${route.aggregate.category}-${key}`,
      outcome: failure === undefined ? 'done' : outcomeOf(failure.error),
      repeated,
      durationMs: performance.now() - startedAt,
      ...failure,
    }
    channels.command.publish(diagnostic)
  }
}

function outcomeOf(error: unknown): string {
  if (error instanceof HindcastError) return error.code
  return error instanceof Error ? error.name : 'thrown'
}
