/**
 * The steps of `npm run check`. Each is `step/<name>.mjs` and exports `run()`; `after` names the steps whose output it reads.
 * `npm run check -- lint api` runs only these (and what they come after).
 *
 * @type {ReadonlyArray<{ name: string, after: readonly string[] }>}
 */
export const steps = [
  { name: 'build', after: [] },
  { name: 'format', after: [] },
  { name: 'boundaries', after: [] },
  { name: 'lengths', after: [] },
  { name: 'public-text', after: [] },
  { name: 'lock', after: [] },
  { name: 'test-types', after: ['build'] },
  { name: 'lint', after: ['build'] },
  { name: 'declarations', after: ['build'] },
  { name: 'api', after: ['build'] },
  { name: 'packages', after: ['build'] },
  { name: 'unused', after: ['build'] },
]
