import { channels, type CommandDiagnostic } from '../app/diagnostics.js'
import { HindcastError } from '../error/hindcast-error.js'
import { Chain } from './chain.js'
import type { Begun } from './job.js'

/** The commands that have not ended yet; says of each how it ended. @internal */
export class UnderWay {
  readonly #logId: string
  readonly #jobs = new Chain<Begun>()
  #idle: (() => void)[] = []

  constructor(logId: string) {
    this.#logId = logId
  }

  begin(job: Begun): void {
    this.#jobs.add(job)
  }

  /** @param failure - what it was rejected with; undefined when it was done */
  end(job: Begun, repeated: boolean, failure: { readonly error: unknown } | undefined): void {
    this.#jobs.remove(job)
    if (channels.command.hasSubscribers) this.#publish(job, repeated, failure)
    if (this.#jobs.first === undefined && this.#idle.length > 0)
      for (const resolve of this.#idle.splice(0)) resolve()
  }

  /** Resolves when none is under way. */
  async whenIdle(): Promise<void> {
    if (this.#jobs.first) await new Promise<void>(resolve => this.#idle.push(resolve))
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
