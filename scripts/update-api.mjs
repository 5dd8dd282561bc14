// `npm run api`: builds the packages and writes their API reports (packages/*/etc/*.api.md). Read the difference before committing.
import { entries } from './api/entries.mjs'
import { extract } from './api/extract.mjs'
import { tool } from './workspace/command.mjs'
import { packagesIn } from './workspace/packages.mjs'

const { code, stdout } = await tool('tsc', ['-b', ...packagesIn('packages').map(({ folder }) => folder)])
if (code !== 0) throw new Error(`the packages do not build:\n${stdout}`)

for (const entry of entries()) {
  const { changed, problems } = extract(entry, { update: true })
  console.log(`${entry.report}: ${changed ? 'written' : 'as before'}`)
  for (const problem of problems) console.log(`  ${problem}`)
  if (problems.length > 0) process.exitCode = 1
}
