import type { ProjectionDefinition } from '@hindcast/core'

/** What the tables of a version are made from: `(id text key, cents bigint)`, or the SQL of the option `tables`. */
export function shapeOf(projection: ProjectionDefinition): string {
  if (projection.kind === 'sql') return projection.tables?.trim() ?? ''
  const { columns, key } = projection.row
  const shown = columns.map(
    ({ name, type, nullable }) =>
      `${name} ${type}${nullable ? ' null' : ''}${name === key.name ? ' key' : ''}`,
  )
  return `(${shown.join(', ')})`
}
