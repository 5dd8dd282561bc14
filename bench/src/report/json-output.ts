import type { Output } from './output.js'

/** Only JSON lines on standard output; what is left out is said on standard error. */
export const jsonOutput: Output = {
  start: ({ warning }) => void (warning !== undefined && process.stderr.write(`${warning}\n`)),
  line: line => void process.stdout.write(`${JSON.stringify(line)}\n`),
  note: text => void process.stderr.write(`${text}\n`),
}
