import type { ProjectionVersion } from '@hindcast/core'

/** A name in SQL. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A text in SQL; needs standard_conforming_strings, which every connection sets. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** The schema of a projection version, not quoted: `<name>_v<version>` within 63 bytes by core's limits, or that of a copy. */
export function schemaName({ projection, version, into }: ProjectionVersion): string {
  return into ?? `${projection}_v${version}`
}
