import { describe } from 'vitest'

const given = process.env['KAFKA_BROKERS']

/** The brokers of this run. */
export const brokers: readonly string[] = given?.split(',') ?? []

/** A suite that needs a broker. Without one it is left out, which the end of the run says in capitals. */
export function kafkaSuite(name: string, body: () => void): void {
  describe.skipIf(given === undefined)(name, body)
}
