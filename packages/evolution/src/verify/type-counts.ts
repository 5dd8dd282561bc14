import type { VerifiedType } from './verify-report.js'

/** Counts events by type and version. */
export class TypeCounts {
  readonly #counts = new Map<string, Map<number, number>>()

  /** One more. */
  add(type: string, schemaVersion: number): void {
    let versions = this.#counts.get(type)
    if (!versions) this.#counts.set(type, (versions = new Map()))
    versions.set(schemaVersion, (versions.get(schemaVersion) ?? 0) + 1)
  }

  /** All, in the order of types and versions. */
  get all(): readonly VerifiedType[] {
    return [...this.#counts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([type, versions]) =>
        [...versions]
          .toSorted(([a], [b]) => a - b)
          .map(([schemaVersion, events]) => ({ type, schemaVersion, events })),
      )
  }
}
