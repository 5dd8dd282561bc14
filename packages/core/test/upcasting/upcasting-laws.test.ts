import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Event, EventCatalog, Ignored, upcast, type Upcaster } from '../../src/index.js'
import { recorded } from '../catalog/recorded.js'

type Data = Record<string, unknown>
type Step = (old: Data) => Data

class Part extends Event('law.part') {
  data!: Data
}

const json = fc
  .jsonValue()
  .map(value => JSON.stringify(value))
  .filter(text => !text.includes('__proto__'))
  .map(text => JSON.parse(text) as unknown)
/** Steps of every kind: change a value, add, rename, remove and merge fields. */
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.integer().map(by => (old: Data) => ({ ...old, n: (typeof old['n'] === 'number' ? old['n'] : 0) + by })),
  fc.tuple(field(), json).map(([name, value]) => (old: Data) => ({ ...old, [name]: value })),
  fc
    .tuple(field(), field())
    .map(([from, to]) => ({ [from]: moved, ...rest }: Data) => ({ ...rest, [to]: moved ?? null })),
  field().map(
    name =>
      ({ [name]: _, ...rest }: Data) =>
        rest,
  ),
  fc
    .tuple(field(), field())
    .map(([a, b]) => (old: Data) => ({ n: old['n'], merged: [old[a] ?? null, old[b] ?? null] })),
)
/** What happens to one version: a step up, or an end. */
const fate = fc.oneof(
  { weight: 5, arbitrary: step.map(up => ({ kind: 'up' as const, up })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 3 }).map(parts => ({ kind: 'split' as const, parts })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'drop' as const }) },
)
type Fate = typeof fate extends fc.Arbitrary<infer F> ? F : never
const data = fc.dictionary(field(), json, { maxKeys: 4, noNullPrototype: true })

function field(): fc.Arbitrary<string> {
  return fc.constantFrom('n', 'a', 'b', 'c', 'd')
}

/** The event and its upcasters: a chain for each run of versions that ends in a split, a drop, or today. */
function declare(fates: readonly Fate[], formerly: readonly string[]) {
  class Grown extends Event('law.grown', { version: fates.length + 1, formerly }) {}
  const upcasters: Upcaster[] = []
  const chainFrom = (version: number) => upcast(Grown).from<Data>(version)
  let chain: ReturnType<typeof chainFrom> | undefined
  fates.forEach((each, index) => {
    chain ??= chainFrom(index + 1)
    if (each.kind === 'up') chain = chain.up(each.up) as never
    else {
      upcasters.push(each.kind === 'drop' ? chain.drop() : chain.split(old => partsOf(old, each.parts)))
      chain = undefined
    }
  })
  if (chain) upcasters.push((chain as { done(): Upcaster }).done())
  return { Grown, upcasters }
}

function partsOf(old: Data, count: number): readonly Part[] {
  return Array.from({ length: count }, (_, i) => Part.of({ data: { ...old, i } }))
}

/** What a version means today, one fate after the other. */
function meaning(fates: readonly Fate[], version: number, start: Data): readonly object[] | 'dropped' {
  let current = start
  for (const each of fates.slice(version - 1))
    if (each.kind === 'up') current = each.up(current)
    else return each.kind === 'drop' ? 'dropped' : partsOf(current, each.parts)
  return [current]
}

describe('upcasting, for any history of an event', () => {
  it('is total over all versions and names, and the same as one step after the other', () => {
    const names = fc.uniqueArray(fc.constantFrom('law.old', 'law.older', 'law.oldest'))
    fc.assert(
      fc.property(fc.array(fate, { maxLength: 8 }), names, data, (fates, formerly, start) => {
        const { Grown, upcasters } = declare(fates, formerly)
        const catalog = new EventCatalog([Grown, Part], upcasters)
        expect(catalog.problems).toEqual([])
        for (const name of ['law.grown', ...formerly])
          for (let version = 1; version <= fates.length + 1; version++) {
            const decoded = catalog.decode(recorded(name, version, start), 'log')
            const expected = meaning(fates, version, JSON.parse(JSON.stringify(start)) as Data)
            expect(decoded.map(({ meta }) => meta.part)).toEqual(decoded.map((_, part) => part))
            expect(decoded.every(({ meta }) => meta.version === 4)).toBe(true)
            if (expected === 'dropped')
              expect(decoded.map(({ event }) => event)).toEqual([new Ignored(name, version)])
            else
              expect(decoded.map(({ event }) => ({ ...event }))).toEqual(expected.map(each => ({ ...each })))
          }
      }),
    )
  })

  it('is closed: what a reader gets is written again as an event of today, and read as the same', () => {
    fc.assert(
      fc.property(fc.array(fate, { maxLength: 6 }), data, (fates, start) => {
        const { Grown, upcasters } = declare(fates, [])
        const catalog = new EventCatalog([Grown, Part], upcasters)
        for (let version = 1; version <= fates.length + 1; version++)
          for (const { event } of catalog.decode(recorded('law.grown', version, start), 'log')) {
            if (event instanceof Ignored) continue
            const { type, schemaVersion, data: text } = catalog.encode(event)
            const [again, ...more] = catalog.decode(recorded(type, schemaVersion, text), 'log')
            expect(again!.event).toEqual(event)
            expect(more).toEqual([])
          }
      }),
    )
  })

  it('finds every version that is missing from the chains', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9 }), fc.nat(), (version, at) => {
        const missing = 1 + (at % (version - 1))
        class Grown extends Event('law.grown', { version }) {}
        // Each version that is not missing is dropped by an upcaster of its own.
        const upcasters = Array.from({ length: version - 1 }, (_, i) => i + 1)
          .filter(each => each !== missing)
          .map(each => upcast(Grown).from<object>(each).drop())
        expect(new EventCatalog([Grown], upcasters).problems).toEqual([
          expect.stringContaining(`"law.grown": nothing reads version ${missing};`),
        ])
      }),
    )
  })
})
