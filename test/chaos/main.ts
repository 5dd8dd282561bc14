import { commandLine, parseChaosArguments, USAGE, type ChaosArguments } from './arguments.js'
import { runKafkaChaos } from './kafka/run.js'
import { runLmdbChaos } from './lmdb/run.js'
import { describeReport, type Report } from './report.js'

/** The runs there are, by the name of the store. */
const RUNS: Readonly<
  Record<string, (asked: ChaosArguments, say: (text: string) => void) => Promise<Report>>
> = {
  lmdb: ({ seconds, seed }, say) => runLmdbChaos({ seconds, seed, say }),
  kafka: ({ seconds, seed }, say) => runKafkaChaos({ seconds, seed, say }),
}

async function main(): Promise<void> {
  const asked = parseChaosArguments(process.argv.slice(2))
  const run = RUNS[asked.store]
  if (!run) throw new Error(`there is no store "${asked.store}", only ${Object.keys(RUNS).join(', ')}`)
  const say = asked.json ? () => undefined : (text: string) => console.log(text)
  const { store, seconds, seed } = asked
  say(`seed ${seed}; to see the same choices again: ${commandLine(store, seconds, seed)}`)
  const result = await run(asked, say)
  console.log(asked.json ? JSON.stringify(result) : describeReport(result))
  process.exitCode = result.ok ? 0 : 1
}

main().catch((error: unknown) => {
  console.error(error)
  console.error(USAGE)
  process.exitCode = 2
})
