import type { AggregateDeclaration } from './declarations.js'

/** When snapshots of an aggregate are taken, beside those taken by hand. */
export interface SnapshotPolicy {
  /** Every so many events; undefined for never. */
  readonly every: number | undefined
  /** When the app stops. */
  readonly onStop: boolean
  /** Enters the fingerprint: snapshots of another version are not read. */
  readonly version: number
}

/** The policy that the options of an aggregate make; undefined when they say nothing of snapshots. @internal */
export function snapshotPolicy(declaration: AggregateDeclaration): SnapshotPolicy | undefined {
  const { snapshotEvery: every, snapshotOnStop, snapshotVersion } = declaration
  if (every === undefined && snapshotOnStop === undefined && snapshotVersion === undefined) return undefined
  return { every, onStop: snapshotOnStop ?? false, version: snapshotVersion ?? 1 }
}

/** What is wrong with the policy of a class, a sentence each. @internal */
export function policyProblems(type: Function, { every, version }: SnapshotPolicy): readonly string[] {
  const problems: string[] = []
  for (const [option, value] of Object.entries({ snapshotEvery: every, snapshotVersion: version }))
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 1))
      problems.push(`${type.name}: ${option} ${value} is not a whole number of 1 or more`)
  if (/(?<![\w'"`$])#[A-Za-z_$]/.test(Function.prototype.toString.call(type)))
    problems.push(
      `${type.name} has private # fields, which a snapshot cannot read; use TypeScript's private, or leave the snapshot options out`,
    )
  return problems
}
