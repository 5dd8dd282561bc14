import { projectionInfo, StartError, type Newable, type RowProjection } from '@hindcast/core'
import { ScenarioFailedError } from '../scenario/errors.js'
import { assertSame } from '../scenario/same.js'
import { foldLog, type Mishap } from './fold-log.js'
import { placeEvents, type GivenEvent } from './given-event.js'
import { schedule, type Cut } from './schedule.js'

/** What happened, and the rows that shall be there. */
export interface ProjectionScenario<R extends object> {
  /** In the order in which they were appended. */
  readonly given: readonly GivenEvent[]
  /** All rows, by their key. Default: none, unless `rejected` is given. */
  readonly then?: { readonly [key: string]: R }
  /** The code of the error that stops the projection. */
  readonly rejected?: string
}

const SEEDS = 8
const SPLITS = 50
const MISHAPS: readonly Mishap[] = ['none', 'crash after every fold', 'every batch twice']

/**
 * A test of a row projection as a value, without any database: `it('…', projectionScenario(Balances, { given, then }))`.
 *
 * The events are folded many times: whole; one by one; split in two at every place (at 50 places where there are more); cut
 * anywhere with the partitions interleaved at random; each of it plainly, with a crash before every commit, and with every
 * batch given twice. The rows must be the same every time.
 *
 * @returns the test, which rejects with ScenarioFailedError (`HC_SCENARIO_FAILED`) that names the row and the field
 */
export function projectionScenario<R extends object>(
  projection: Newable<RowProjection<R>>,
  spec: ProjectionScenario<R>,
): () => Promise<void> {
  return async () => {
    const definition = projectionInfo(projection)
    if (definition.problems.length > 0) throw new StartError(definition.problems)
    if (definition.kind !== 'rows')
      throw new ScenarioFailedError(
        `${projection.name} is a SQL projection; a scenario without a database is for rows`,
      )
    const events = placeEvents(spec.given)
    for (const cut of cutsOf(events.length))
      for (const mishap of MISHAPS) {
        const how = `${described(cut)}; ${mishap}`
        const folding = foldLog(definition, schedule(events, cut), mishap)
        if (spec.rejected !== undefined) await expectRejection(projection.name, folding, spec.rejected, how)
        else checkRows(projection.name, await folding, spec.then ?? {}, how)
      }
  }
}

function cutsOf(events: number): readonly Cut[] {
  const splits = Math.min(Math.max(events - 1, 0), SPLITS)
  const at = (split: number): number => 1 + Math.floor((split * (events - 1)) / splits)
  return [
    { kind: 'whole' },
    { kind: 'single' },
    ...Array.from({ length: splits }, (_, split) => ({ kind: 'split', at: at(split) }) as const),
    ...Array.from({ length: SEEDS }, (_, seed) => ({ kind: 'random', seed }) as const),
  ]
}

function described(cut: Cut): string {
  switch (cut.kind) {
    case 'split':
      return `split after event ${cut.at}`
    case 'random':
      return `random cut, seed ${cut.seed}`
    default:
      return `cut: ${cut.kind}`
  }
}

function checkRows(
  name: string,
  rows: ReadonlyMap<string, object>,
  expected: { readonly [key: string]: object },
  how: string,
): void {
  for (const key of new Set([...Object.keys(expected), ...rows.keys()]))
    assertSame(fieldsOf(rows.get(key)), fieldsOf(expected[key]), {
      what: `row "${key}" of ${name}`,
      hint: how,
    })
}

/** Rows are compared by their fields: `then` may give plain objects. */
function fieldsOf(row: object | undefined): object | undefined {
  return row && Object.fromEntries(Object.entries(row))
}

async function expectRejection(
  name: string,
  folding: Promise<unknown>,
  code: string,
  how: string,
): Promise<void> {
  const failure = await folding.then(
    () => undefined,
    (error: unknown) => error as { readonly code?: string },
  )
  if (failure?.code !== code)
    throw new ScenarioFailedError(
      `${name} should have stopped with "${code}", but ${failure === undefined ? 'it went on' : `did with "${failure.code}"`}; ${how}`,
      { cause: failure },
    )
}
