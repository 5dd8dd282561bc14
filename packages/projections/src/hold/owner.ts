import { hostname } from 'node:os'

/** This process, as holds and reports name it. */
export const OWNER: string = `${hostname()}:${process.pid}`
