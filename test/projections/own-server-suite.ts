import { OwnServer } from '../servers/own-server.js'
import { describeWhere, type Suite } from '../servers/suites.js'

/** A suite that starts PostgreSQL servers. */
export const ownServerSuite: Suite = describeWhere(OwnServer.canBeMade)
