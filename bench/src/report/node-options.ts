/** The options that Node was started with, as they were written; undefined for none. */
export function nodeOptions(): string | undefined {
  const given = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' ').trim()
  return given === '' ? undefined : given
}
