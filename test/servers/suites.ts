import { describe, inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** `host:port` of the brokers of this run; undefined where there are none. */
    kafkaBrokers?: readonly string[]
    /** A PostgreSQL server, on which tests make databases of their own; undefined where there is none. */
    postgresUrl?: string
    /** A folder with an empty PGlite, for tests to copy: making one takes seconds. */
    pgliteTemplate: string
  }
}

export type Suite = typeof describe | typeof describe.skip

/** The brokers of this run; none where there are none. */
export const brokers = inject('kafkaBrokers') ?? []

/** The PostgreSQL server of this run; empty where there is none. */
export const postgresUrl = inject('postgresUrl') ?? ''

/** `describe` where there is what a suite needs. Elsewhere the suite is left out, which the last line of the run says. */
export function describeWhere(there: boolean): Suite {
  return there ? describe : describe.skip
}

/** A suite that needs a broker. */
export const kafkaSuite: Suite = describeWhere(brokers.length > 0)

/** A suite that needs a PostgreSQL server, and gets its address. */
export function postgresSuite(name: string, suite: (server: string) => void): void {
  describeWhere(postgresUrl !== '')(name, () => suite(postgresUrl))
}
