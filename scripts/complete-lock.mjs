// Run after every `npm install` that changed package-lock.json: `npm run lock`.
import { readFileSync, writeFileSync } from 'node:fs'
import { completeLock } from './lock/complete.mjs'

const file = new URL('../package-lock.json', import.meta.url)
const { lock, added, addressesRemoved } = completeLock(JSON.parse(readFileSync(file, 'utf8')))
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`)
console.log(
  `package-lock.json: ${Object.keys(lock.packages).length} packages, ` +
    `${added.length} for other platforms added, ${addressesRemoved} addresses removed`,
)
