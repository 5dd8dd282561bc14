import picocolors from 'picocolors'

/** A column of a table. */
export interface TableColumn<T> {
  /** Its heading. */
  readonly name: string
  /** What a row has in it. */
  readonly cell: (row: T) => string
  /** Numbers stand at the right. Default: left. */
  readonly align?: 'left' | 'right'
}

/** Rows as lines of text under a heading, in columns as wide as they need. */
export function table<T>(
  columns: readonly TableColumn<T>[],
  rows: readonly T[],
  below: (row: T) => string | undefined = () => undefined,
): string {
  const cells = rows.map(row => columns.map(({ cell }) => cell(row)))
  const widths = columns.map(({ name }, index) =>
    Math.max(name.length, ...cells.map(line => line[index]!.length)),
  )
  const shown = (line: readonly string[]): string =>
    line
      .map((cell, index) =>
        columns[index]!.align === 'right' ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!),
      )
      .join('  ')
      .trimEnd()
  const lines = cells.flatMap((line, index) => {
    const more = below(rows[index]!)
    return more === undefined ? [shown(line)] : [shown(line), more]
  })
  return [picocolors.dim(shown(columns.map(({ name }) => name))), ...lines].join('\n')
}
