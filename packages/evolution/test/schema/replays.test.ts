import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  appSchemas,
  checkSchemas,
  schemaOf,
  type Compatibility,
  type SchemaFinding,
} from '@hindcast/evolution'
import { upcast, type AnyEvent, type Newable, type Upcaster } from '@hindcast/core'
import { anyEvent, anyField, eventClass, forgetRules, payloads, type EventSpec } from './random-event.js'
import { aggregateOf, read, replay } from './replay.js'

const RUNS = 500
const SEED = 20_261_121

/** An event and a change of it: now and then a small one, so that many pass. */
const changes = anyEvent.chain(before => {
  const names = Object.keys(before)
  const another = fc
    .tuple(fc.constantFrom('a', 'b', 'c', 'd'), anyField)
    .map(([name, field]) => ({ ...before, [name]: field }))
  const without = fc
    .constantFrom(...names, 'none')
    .map(name => Object.fromEntries(Object.entries(before).filter(([each]) => each !== name)))
  const nudged = fc
    .tuple(
      fc.constantFrom(...(names.length > 0 ? names : ['none'])),
      fc.integer({ min: -2, max: 2 }),
      fc.boolean(),
    )
    .map(([name, by, optional]) => nudge(before, name, by, optional))
  return fc.tuple(
    fc.constant(before),
    fc.oneof(fc.constant(before), another, without, { weight: 4, arbitrary: nudged }, anyEvent),
  )
})

function nudge(spec: EventSpec, name: string, by: number, optional: boolean): EventSpec {
  const field = spec[name]
  if (!field) return spec
  switch (field.kind) {
    case 'int':
    case 'number':
      return {
        ...spec,
        [name]: {
          ...field,
          kind: by === 2 ? 'number' : field.kind,
          optional,
          min: field.min === null ? null : field.min + by,
          max: field.max === null ? null : field.max - by,
        },
      }
    case 'email':
      return { ...spec, [name]: { kind: 'text', optional, least: 0, most: null } }
    case 'text':
    case 'texts':
      if (field.kind === 'text' && by === -2) return { ...spec, [name]: { kind: 'email', optional } }
      return {
        ...spec,
        [name]: {
          ...field,
          optional,
          least: Math.max(0, field.least + by),
          most: field.most === null ? null : Math.max(field.most - by, field.least + by, 0),
        },
      }
    case 'in':
    case 'enum':
      return {
        ...spec,
        [name]: {
          ...field,
          optional,
          values:
            by > 0
              ? [...new Set([...field.values, 'new'])]
              : field.values.slice(0, Math.max(1, field.values.length + by)),
        },
      }
    case 'nested':
    case 'list':
      return { ...spec, [name]: { ...field, fields: nudge(field.fields, 'a', by, optional) } }
    default:
      return { ...spec, [name]: { ...field, optional } }
  }
}

const NAME = 'random.happened'

/** Leaves out what the check found; the check itself has none. */
type Blindness = (finding: SchemaFinding) => boolean

function passes(
  before: Newable<AnyEvent>,
  after: Newable<AnyEvent>,
  compatibility: Compatibility,
  upcasters: readonly Upcaster[] = [],
  isOverlooked: Blindness = () => false,
): boolean {
  const lock = new Map([[NAME, [{ version: 1, schemas: [schemaOf(before)] }]]])
  const app = appSchemas({ aggregates: [aggregateOf(after)], upcasters })
  const findings = checkSchemas(app, lock, { compatibility })
  return findings.every(finding => finding.kind === 'unrecorded' || isOverlooked(finding))
}

const some = (spec: EventSpec) => fc.array(payloads(spec, 0), { maxLength: 5 })
const keeps = (event: Newable<AnyEvent>) => (payload: object) => read(event, payload) === undefined

/** Tries random changes of random events: each that passes is replayed. */
async function tryChanges(
  compatibility: Compatibility,
  isOverlooked?: Blindness,
): Promise<{ readonly passed: number; readonly failed: boolean; readonly why: string }> {
  let passed = 0
  const cases = changes.chain(([before, after]) =>
    fc.tuple(fc.constant([before, after] as const), some(before), some(after)),
  )
  const law = fc.asyncProperty(cases, async ([[before, after], recorded, emitted]) => {
    forgetRules()
    const [old, current] = [eventClass(before), eventClass(after)]
    if (!passes(old, current, compatibility, [], isOverlooked)) return
    passed++
    const [ofBefore, ofToday] = [recorded.filter(keeps(old)), emitted.filter(keeps(current))]
    if (compatibility !== 'forward') expect(await replay(current, ofBefore)).toBe(ofBefore.length)
    if (compatibility !== 'backward') expect(await replay(old, ofToday)).toBe(ofToday.length)
  })
  // What must be found is looked for in the same changes each time: chance may miss it.
  const search = isOverlooked && { endOnFailure: true, seed: SEED }
  const details = await fc.check(law, { numRuns: RUNS, ...search })
  return { passed, failed: details.failed, why: details.failed ? fc.defaultReportMessage(details)! : '' }
}

describe('a change that the check passes', () => {
  it.each(['backward', 'forward', 'full'] as const)('really replays: %s', async compatibility => {
    const { passed, why } = await tryChanges(compatibility)
    expect(why).toBe('')
    expect(passed).toBeGreaterThan(RUNS / 6)
  })

  it.each([
    ['a field that becomes required', 'backward', /may be missing, but is required/],
    ['another type', 'backward', /may be (a |an )?\w+( or \w+)*, but must be (a |an )?\w+/],
    ['a smaller range', 'backward', /but must be (at least|at most|above|below)/],
    ['a shorter text or list', 'backward', /but must have (at least|at most)/],
    ['values that are gone', 'backward', /but must be one of/],
    ['a new rule', 'backward', /need not keep/],
    ['what code of before refuses', 'forward', /for code of before/],
  ] as const)('would not replay if the check overlooked %s', async (_, compatibility, overlooked) => {
    const { failed } = await tryChanges(compatibility, ({ message }) => overlooked.test(message))
    expect(failed).toBe(true)
  })

  it('really replays where the version was raised, and no chain with a missing step passes', async () => {
    const cases = fc
      .tuple(anyEvent, anyEvent)
      .chain(([before, after]) =>
        fc.tuple(
          fc.constant([before, after] as const),
          some(before),
          payloads(after, 0),
          fc.integer({ min: 0, max: 2 }),
        ),
      )
    await fc.assert(
      fc.asyncProperty(cases, async ([[before, after], recorded, target, missing]) => {
        forgetRules()
        const [old, current] = [eventClass(before), eventClass(after, 3)]
        fc.pre(keeps(eventClass(after))(target))
        // Version 2 was never recorded, but the chain leads through it.
        const first = (data: object) => ({ data })
        const chains: readonly (readonly Upcaster[])[] = [
          [
            upcast(current)
              .from<object>(1)
              .up(first)
              .up(() => target)
              .done(),
          ],
          [
            upcast(current)
              .from<object>(2)
              .up(() => target)
              .done(),
          ],
          [],
        ]
        const upcasters = chains[missing]!
        expect(passes(old, current, 'backward', upcasters)).toBe(missing === 0)
        if (missing !== 0) return
        const ofBefore = recorded.filter(keeps(old))
        expect(await replay(current, ofBefore, { upcasters })).toBe(ofBefore.length)
      }),
      { numRuns: RUNS / 2 },
    )
  })
})
