/** An app whose log is so long that it is not read to its end. */
export const ENDLESS = `
import { Counter } from './counter.js'
const event = version => ({
  id: 'e' + version, type: 'counter.added', schemaVersion: 1, stream: 'counter-a', version, partition: 0,
  offset: BigInt(version), time: 1, commandId: 'c' + version, metadata: {}, data: '{"count":1}',
})
const store = async () => ({
  logId: 'endless', partitions: 1,
  end: async () => 1_000_000_000n,
  async *readLog() {
    process.stderr.write('reading\\n')
    for (let at = 0; ; at += 10)
      yield { partition: 0, events: Array.from({ length: 10 }, (_, i) => event(at + i)), next: BigInt(at + 10), end: 1_000_000_000n }
  },
  async [Symbol.asyncDispose]() {},
})
export default { store, aggregates: [Counter] }
`
