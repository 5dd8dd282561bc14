import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { makePosition, type Newable } from '../../../src/index.js'
import { parkedOf } from '../log.js'
import { ByKeys, ByStream, code, type Fault } from './noted.js'
import { Trial, type Act, type Rows } from './parking-trial.js'

/** Rows whatever the order in which events were folded into them. */
function inAnyOrder(rows: Rows): Rows {
  return new Map([...rows].map(([key, numbers]) => [key, numbers.toSorted((a, b) => a - b)]))
}

const KEYS = ['k', 'l', 'm', 'n', 'o']
const STREAMS = ['r', 's', 't']

const someKeys = (from: readonly string[]) => fc.uniqueArray(fc.constantFrom(...from), { maxLength: 3 })
const aNote = (faults: readonly Fault[]) =>
  fc.record({
    keys: someKeys(KEYS),
    fault: fc.constantFrom<Fault>('none', 'none', 'none', 'none', ...faults),
  })
const acts = (faults: readonly Fault[], keys: readonly string[]) =>
  fc.array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          do: fc.constant('append' as const),
          stream: fc.constantFrom(...STREAMS),
          notes: fc.array(aNote(faults), { minLength: 1, maxLength: 4 }),
        }),
      },
      fc.record({ do: fc.constant('retry' as const), keys: someKeys(keys) }),
      fc.record({ do: fc.constant('restart' as const), batchEvents: fc.integer({ min: 1, max: 6 }) }),
      fc.record({ do: fc.constant('settle' as const) }),
    ),
    { maxLength: 25, size: '+1' },
  )

/** Runs the acts with broken code, mends it, retries everything, and compares with the fold of the whole log. */
async function run(
  type: Newable,
  script: readonly Act[],
  inOrder: (rows: Rows) => Rows = rows => rows,
): Promise<void> {
  code.broken = true
  const trial = await Trial.begin(type)
  try {
    for (const act of script) {
      await trial.act(act)
      if (act.do !== 'append') await trial.check()
    }
    await trial.check()
    code.broken = false
    await trial.append('r', [{ keys: ['k', 'l'], fault: 'none' }])
    await trial.restart(2)
    await trial.check()
    const passed = await trial.runtime.parked(type).passed()
    await trial.runtime.parked(type).retry()
    expect(await parkedOf(trial.runtime, type)).toEqual([])
    const dropped = new Set(passed.map(({ partition, offset }) => `${partition}:${offset}`))
    const whole = trial.folded(({ partition, offset }) => dropped.has(`${partition}:${offset}`))
    expect(inOrder(await trial.byPartition())).toEqual(inOrder(whole))
  } finally {
    await trial.end()
  }
}

beforeEach(() => {
  code.broken = true
})

describe('a read model equals the fold of its prefix minus the parked keys', () => {
  it('when folds of several keys fail, whatever is retried and dropped, and is whole after the retry with mended code', async () => {
    const drops = fc.record({ do: fc.constant('drop' as const), keys: someKeys(KEYS) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(acts(['fold'], KEYS), fc.array(drops, { maxLength: 1 })), { maxLength: 3 }),
        parts => run(ByKeys, parts.flat()),
      ),
      { numRuns: 100 },
    )
  })

  it('when events cannot be decoded or folded, and the upcaster is mended', async () => {
    await fc.assert(
      fc.asyncProperty(acts(['fold', 'decode'], STREAMS), parts => run(ByStream, parts)),
      { numRuns: 100 },
    )
  })

  it('when events cannot be decoded whose rows only decoding tells: these see them late, and once', async () => {
    await fc.assert(
      fc.asyncProperty(acts(['fold', 'decode'], [...KEYS, 'account-r']), parts =>
        run(ByKeys, parts, inAnyOrder),
      ),
      { numRuns: 100 },
    )
  })
})

describe('an event that cannot be decoded', () => {
  it('is parked by its stream and the row of its stream, with what comes after it there', async () => {
    const trial = await Trial.begin(ByStream)
    await trial.append('r', [{ keys: [], fault: 'none' }])
    await trial.append('r', [{ keys: [], fault: 'decode' }])
    await trial.append('r', [{ keys: [], fault: 'none' }])
    await trial.append('s', [{ keys: [], fault: 'none' }])
    await trial.check()
    expect(await parkedOf(trial.runtime, ByStream)).toEqual(['2: account-r r', '3: r account-r'])
    const { partition, offset } = trial.placed[2]!
    await expect(
      trial.runtime.view(ByStream).get('r', { atLeast: makePosition('bank', partition, offset) }),
    ).rejects.toMatchObject({ code: 'HC_READ_MODEL_PARKED', context: { parkedCode: 'HC_UPCAST_FAILED' } })
    await trial.end()
  })
})
