import type { SchemaFinding } from './schema-finding.js'
import { sameSchema, type SchemaLock } from './schema-lock.js'

/**
 * What a lock of before has and this one has no more, so that nothing guards those events any longer: each a finding. A lock
 * only grows, unless `accept` is told to break; what was taken out by hand is found by comparing it with the lock of the branch before.
 *
 * @param before - the lock as it was, from version control
 */
export function lostSchemas(before: SchemaLock, lock: SchemaLock): readonly SchemaFinding[] {
  return [...before].flatMap(([event, versions]) =>
    versions.flatMap(({ version, schemas }): readonly SchemaFinding[] => {
      const kept = lock.get(event)?.find(each => each.version === version)?.schemas ?? []
      const lost = schemas.filter(schema => !kept.some(each => sameSchema(each, schema))).length
      if (lost === 0) return []
      const many = lost === 1 ? '1 schema' : `${lost} schemas`
      const message =
        `"${event}" version ${version}: the lock of before has ${many} of it that this one has no more, so that nothing guards those events; ` +
        'restore the lock from version control, unless no log that matters has any of them'
      return [{ kind: 'lost', event, version, message }]
    }),
  )
}
