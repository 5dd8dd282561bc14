import { describe, inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** A PostgreSQL server, on which tests make databases of their own; undefined where there is none. */
    postgresUrl?: string
  }
}

const url = inject('postgresUrl')

/** A suite on a PostgreSQL server. Without one it is left out, which the last line of the run says. */
export function postgresSuite(name: string, suite: (server: string) => void): void {
  const server = url ?? ''
  ;(url === undefined ? describe.skip : describe)(name, () => suite(server))
}
