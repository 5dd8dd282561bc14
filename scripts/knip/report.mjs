/**
 * knip's reporter for `npm run check`: the issues by kind, and how many files knip read.
 *
 * @param {import('knip').ReporterOptions} options
 */
export default function report({ issues, counters, configurationHints }) {
  const found = Object.entries(issues).flatMap(([kind, records]) =>
    Object.values(records).flatMap(record =>
      Object.values(record).map(({ filePath, symbol, line }) => ({ kind, filePath, symbol, line })),
    ),
  )
  const hints = configurationHints
    .filter(({ type }) => type !== 'project-empty')
    .map(({ type, identifier }) => `knip.json: ${type} ${String(identifier)}`)
  console.log(JSON.stringify({ found, hints, files: counters.processed }))
}
