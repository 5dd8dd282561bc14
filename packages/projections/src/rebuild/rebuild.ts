import {
  type Comparison,
  type Cut,
  type LeftOut,
  type ProjectionDefinition,
  type RebuildOptions,
  type RebuildResult,
} from '@hindcast/core'
import { OperationRefusedError, RebuildDiffersError } from '../error/operation-errors.js'
import { Attendance } from '../operations/attended.js'
import { Build, type BuildPlan } from './build.js'
import { compare } from './compare.js'
import { atLeast, behind, cutOf, distance, endOf, shownCut } from '../cut/cut.js'
import { knownSchemas, type KnownSchema } from '../operations/known-schema.js'
import type { Lease } from '../hold/lease.js'
import { leftOutOf } from '../operations/left-out.js'
import type { OperationParts } from '../operations/parts.js'
import { whileStanding } from '../hold/while-standing.js'
import { SwapAttempts } from '../swap/swap-attempts.js'

/** So few records behind, catching up takes less than a moment. */
const CLOSE_EVENTS = 2_000
const WAIT_FOR_ACTIVE_MS = 10_000

/** Builds the version of a projection anew or for the first time, and swaps it in. */
export async function rebuild(
  parts: OperationParts,
  projection: ProjectionDefinition,
  options: RebuildOptions,
): Promise<RebuildResult> {
  const active = await activeOf(parts, projection)
  const same = active.version === projection.version
  const plan: BuildPlan = {
    kind: 'rebuild',
    projection,
    ...(same && { copy: { into: `${active.schema}_rebuild`, purpose: 'building' } as const }),
    fresh: options.fresh ?? false,
    wanted: { acceptDifferences: options.acceptDifferences ?? false },
    options,
  }
  const { name, version } = projection
  const attendance = await Attendance.of(parts, { projection: name, version })
  const build = await Build.begin(parts, plan)
  const done = await build.run(() => new Rebuild(parts, projection, options, active, build).run())
  return { ...done, attended: await attendance.afterwards() }
}

async function activeOf(
  parts: OperationParts,
  { name, version }: ProjectionDefinition,
): Promise<KnownSchema> {
  const known = await knownSchemas(parts, name)
  const active = known.find(({ role }) => role === 'active')
  if (!active)
    throw new OperationRefusedError('the rebuild', name, 'nothing of it is read; start an app with it first')
  if (active.version > version)
    throw new OperationRefusedError(
      'the rebuild',
      name,
      `version ${version} is older than what is read now, version ${active.version}. To read it again, roll back`,
    )
  return active
}

class Rebuild {
  readonly #parts: OperationParts
  readonly #projection: ProjectionDefinition
  readonly #options: RebuildOptions
  readonly #active: KnownSchema
  readonly #build: Build
  readonly #comparing: boolean
  #comparison: Comparison | undefined
  #leftOut: LeftOut = { parked: 0, skipped: 0 }
  #waitingSince: number | undefined

  constructor(
    parts: OperationParts,
    projection: ProjectionDefinition,
    options: RebuildOptions,
    active: KnownSchema,
    build: Build,
  ) {
    this.#parts = parts
    this.#projection = projection
    this.#options = options
    this.#active = active
    this.#build = build
    this.#comparing = options.compare ?? active.version === projection.version
  }

  async run(): Promise<Omit<RebuildResult, 'attended'>> {
    const { name, version } = this.#projection
    const build = this.#build
    const resumed = distance([], await build.cut()) > 0
    build.progress.enter('building')
    await build.foldTo(await this.#target())
    const attempts = new SwapAttempts(this.#parts, build.schema, this.#options.swapTimeoutMs)
    const swapped = await attempts.run(build.signal, async () => {
      await this.#catchUp()
      return whileStanding(this.#parts, this.#active.schema, build.schema, live =>
        this.#finish(live, attempts),
      )
    })
    return {
      projection: name,
      version,
      schema: swapped.schema,
      kept: swapped.kept,
      resumed,
      events: build.progress.events,
      durationMs: performance.now() - build.startedAt,
      cut: swapped.cut,
      leftOut: this.#leftOut,
      ...(this.#comparison && { comparison: this.#comparison }),
    }
  }

  /** Where it goes to for now: what shall be compared never runs ahead of what it is compared with. */
  async #target(): Promise<Cut> {
    const end = await endOf(this.#build.fed)
    if (!this.#comparing || this.#comparison) return end
    const active = await this.#cutOfActive()
    return end.map(place => ({ ...place, next: atLeast([{ ...place, next: 0n }], active)[0]!.next }))
  }

  #cutOfActive(): Promise<Cut> {
    return this.#parts.store.inSession('asking for a cut', session => cutOf(session, this.#active.schema))
  }

  async #catchUp(): Promise<void> {
    const build = this.#build
    build.progress.enter('catching-up')
    for (;;) {
      const target = await this.#target()
      if (distance(await build.cut(), target) === 0) return
      await build.foldTo(target)
      if (distance(target, await this.#target()) < CLOSE_EVENTS) return
    }
  }

  /** Brings the build to where the standing version is, compares if that is asked for, and swaps. */
  async #finish(live: Lease, attempts: SwapAttempts): ReturnType<SwapAttempts['once']> {
    const build = this.#build
    const needed = await this.#cutOfActive()
    const cut = atLeast(await build.cut(), needed)
    await build.foldTo(cut)
    if (this.#comparing && !this.#comparison) {
      if (behind(needed, cut).length > 0) return this.#waitForActive(needed, cut)
      build.progress.enter('comparing')
      this.#comparison = await this.#parts.store.inSession('comparing', session =>
        compare(session, this.#active.schema, build.schema),
      )
    }
    this.#leftOut = await this.#parts.store.inSession('counting', session => leftOutOf(session, build.schema))
    await this.#refuseDifferences()
    build.progress.enter('swapping')
    build.signal.throwIfAborted()
    const next = { ...this.#active, schema: build.schema, version: this.#projection.version }
    return attempts.once({ active: this.#active, next, holds: [build.lease.hold, live.hold] })
  }

  async #refuseDifferences(): Promise<void> {
    if (this.#options.acceptDifferences) return
    const { schema } = this.#build
    const leftOut = await this.#parts.store.inSession('counting what is left out', session =>
      leftOutOf(session, schema, this.#active.schema),
    )
    if ((this.#comparison?.differentRows ?? 0) + leftOut.parked + leftOut.skipped > 0)
      throw new RebuildDiffersError(schema, leftOut, this.#comparison)
  }

  /** What is read now is behind the build, which cannot go back: its workers may get there. */
  #waitForActive(needed: Cut, cut: Cut): 'later' {
    this.#waitingSince ??= performance.now()
    if (performance.now() - this.#waitingSince > WAIT_FOR_ACTIVE_MS)
      throw new OperationRefusedError(
        'the comparison',
        this.#projection.name,
        `what is read now stands at ${shownCut(behind(needed, cut))} and does not come to where schema ${this.#build.schema} stands. ` +
          'Start the workers of what is read now, or rebuild with fresh or without compare',
      )
    return 'later'
  }
}
