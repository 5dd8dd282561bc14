import type { ProjectionDefinition } from '@hindcast/core'

/** What the tables of a version are made from: another text under the same version is refused. */
export function shapeOf(projection: ProjectionDefinition): string {
  if (projection.kind === 'sql') return projection.tables?.trim() ?? ''
  const { columns, key } = projection.row
  return columns
    .map(
      ({ name, type, nullable }) =>
        `${name} ${type}${name === key.name ? ' key' : nullable ? ' nullable' : ''}`,
    )
    .join('\n')
}

/** What differs, in words; undefined when nothing does. */
export function shapeProblem(kind: 'rows' | 'sql', made: string, declared: string): string | undefined {
  if (made === declared) return undefined
  if (kind === 'sql') return 'its option tables is not the SQL that made them'
  const before = made.split('\n')
  const now = declared.split('\n')
  const gone = before.filter(column => !now.includes(column))
  const added = now.filter(column => !before.includes(column))
  const said = [
    ...(gone.length > 0 ? [`the table has column ${gone.join(', ')}`] : []),
    ...(added.length > 0 ? [`its class declares column ${added.join(', ')}`] : []),
  ]
  return said.length > 0 ? said.join('; ') : 'its columns are declared in another order'
}
