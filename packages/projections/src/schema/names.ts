import type { ProjectionVersion } from '@hindcast/core'

/** A name in SQL. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A text in SQL; needs standard_conforming_strings, which every connection sets. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** The schema of a projection version, not quoted: `<name>_v<version>`. Core's limits keep it within 63 bytes. */
export function schemaName({ projection, version }: ProjectionVersion): string {
  return `${projection}_v${version}`
}
