import type { ContainerModule } from 'inversify'
import { inspect } from 'node:util'
import {
  rehearse,
  type AggregateRoot,
  type AnyCommand,
  type AnyEvent,
  type EventsOf,
  type Fields,
  type RehearsalMode,
  type Rehearsed,
  type ResultOf,
} from '@hindcast/core'
import { assertSame } from './same.js'
import { ScenarioFailedError } from './errors.js'

/** What was, what happens, and what shall come of it. What is left out is not checked, except `then`. */
export interface AggregateScenario<A, C extends AnyCommand> {
  /** The key of the aggregate. Default: `'scenario'`. */
  readonly key?: string
  /** The events so far. Default: none. */
  readonly given?: readonly EventsOf<A>[]
  /** The command. */
  readonly when: C
  /** The events that the command emits, all of them in order. Default: none, unless `rejected` is given. */
  readonly then?: readonly EventsOf<A>[]
  /** What the command returns. */
  readonly result?: NoInfer<ResultOf<C>>
  /** Some of the state afterwards. */
  readonly state?: Partial<Fields<A>>
  /** The code of the error that refuses the command; nothing is emitted then. */
  readonly rejected?: string
  /** inversify modules that bind what the handler injects. Default: none. */
  readonly modules?: readonly ContainerModule[]
}

const MODES: readonly RehearsalMode[] = ['plain', 'from-snapshot', 'refolded']

/**
 * A test of one command as a value: `it('…', scenario(Account, { given, when, then }))`.
 *
 * It runs three times: plainly; with the state before the command taken from a snapshot; and with the state afterwards folded
 * anew from the events. A difference names the field: state that was changed outside of an @Apply method, or that a
 * snapshot cannot bring back.
 *
 * @returns the test, which rejects with ScenarioFailedError (`HC_SCENARIO_FAILED`) when something is not as described
 */
export function scenario<A extends AggregateRoot<AnyEvent>, C extends AnyCommand>(
  aggregate: new () => A,
  spec: AggregateScenario<A, C>,
): () => Promise<void> {
  return async () => {
    const runs = new Map<RehearsalMode, Rehearsed>()
    for (const mode of MODES) {
      const rehearsed = await rehearse({
        aggregate,
        key: spec.key ?? 'scenario',
        given: spec.given ?? [],
        when: spec.when,
        modules: spec.modules ?? [],
        mode,
      })
      checkOutcome(aggregate.name, spec, rehearsed, mode)
      runs.set(mode, rehearsed)
    }
    for (const mode of ['from-snapshot', 'refolded'] as const)
      assertSame(runs.get(mode)!.state, runs.get('plain')!.state, {
        what: `the state of ${aggregate.name}`,
        hint:
          mode === 'refolded'
            ? 'folding its events anew gives another state: something changes it outside of its @Apply methods, or an @Apply method depends on more than the event'
            : 'restoring a snapshot before the command gives another state: mark nested classes with @Field(() => Class)',
      })
  }
}

function checkOutcome(
  name: string,
  spec: AggregateScenario<unknown, AnyCommand>,
  { events, result, state, error }: Rehearsed,
  mode: RehearsalMode,
): void {
  const run = mode === 'plain' ? '' : ` (${mode})`
  const code = codeOf(error)
  if (spec.rejected !== undefined) {
    if (error === undefined)
      throw new ScenarioFailedError(
        `${name}: the command should have been rejected with "${spec.rejected}", but it emitted ${events.length} events${run}`,
      )
    if (code !== spec.rejected)
      throw new ScenarioFailedError(
        `${name}: the command should have been rejected with "${spec.rejected}", but was with "${code}"${run}`,
        { cause: error },
      )
  } else if (error !== undefined) {
    throw new ScenarioFailedError(
      `${name}: the command was rejected with "${code}": ${error instanceof Error ? error.message : inspect(error)}${run}`,
      { cause: error },
    )
  }
  assertSame(events, spec.then ?? [], { what: `the events of ${name}`, hint: `compare 'then'${run}` })
  if ('result' in spec)
    assertSame(result, spec.result, { what: `the result of ${name}`, hint: `compare 'result'${run}` })
  for (const [field, expected] of Object.entries(spec.state ?? {}))
    assertSame((state as Record<string, unknown>)[field], expected, {
      what: `the state of ${name}, field "${field}"`,
      hint: `compare 'state'${run}`,
    })
}

function codeOf(error: unknown): string | undefined {
  if (error === undefined) return undefined
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : error instanceof Error ? error.name : inspect(error)
}
