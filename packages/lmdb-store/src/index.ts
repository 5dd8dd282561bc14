export { lmdb } from './lmdb.js'
export { LmdbOptionError, type LmdbOptions } from './store/options.js'
