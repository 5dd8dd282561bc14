// `npm run api`: writes the API reports (packages/*/etc/*.api.md) from the built declarations. Read their difference before committing.
import { entries } from './api/entries.mjs'
import { extract } from './api/extract.mjs'

for (const entry of entries()) {
  const { changed, problems } = extract(entry, { update: true })
  console.log(`${entry.report}: ${changed ? 'written' : 'as before'}`)
  for (const problem of problems) console.log(`  ${problem}`)
  if (problems.length > 0) process.exitCode = 1
}
