import { describe, inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** `host:port` of the brokers of this run; undefined where there are none. */
    kafkaBrokers?: readonly string[]
  }
}

const given = inject('kafkaBrokers')

/** The brokers of this run; none where there are none. */
export const brokers: readonly string[] = given ?? []

/** A suite that needs a broker. Without one it is left out, which the last line of the run says. */
export const kafkaSuite = given === undefined ? describe.skip : describe
