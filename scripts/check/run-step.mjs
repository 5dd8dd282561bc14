// One step in a process of its own, so that steps run beside one another. The last line of its output is its result as JSON.
import { steps } from './steps.mjs'
import { refuseBlindness } from './result.mjs'

const name = process.argv[2] ?? ''
if (!steps.some(step => step.name === name)) throw new Error(`no such step: ${name}`)
const { run } = await import(`./step/${name}.mjs`)
console.log(JSON.stringify(refuseBlindness(await run())))
