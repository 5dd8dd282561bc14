export { lmdb } from './lmdb.js'
export { LmdbOptionError, type LmdbOptions } from './store/options.js'
export { backupLog, type LogBackup } from './backup/backup-log.js'
export { verifyLog, type LogContent } from './backup/verify-log.js'
