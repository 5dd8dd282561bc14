import { channel } from 'node:diagnostics_channel'
import { feedingSources, type ProjectionVersion, type UnattendedDiagnostic } from '@hindcast/core'
import { schemaName } from '../schema/names.js'
import type { OperationParts } from './parts.js'

const unattended = channel('hindcast:projections:unattended')

/** What a builder reports of itself does not count: it leaves with the build. */
const REPORTED = `select exists (
  select from hindcast.reports join hindcast.checkpoints using (schema, log, partition, epoch)
  where schema = $1 and reported_at > clock_timestamp() - interval '15 seconds'
    and not exists (select from hindcast.builds b where b.schema = $1))`

/** Watches whether a worker somewhere folds a version. Its workers stand back while it is built, and are silent for that long. */
export class Attendance {
  readonly #parts: OperationParts
  readonly #version: ProjectionVersion
  readonly #before: boolean

  private constructor(parts: OperationParts, version: ProjectionVersion, before: boolean) {
    this.#parts = parts
    this.#version = version
    this.#before = before
  }

  /** Before anything is held. */
  static async of(parts: OperationParts, version: ProjectionVersion): Promise<Attendance> {
    const attendance = new Attendance(parts, version, false)
    return new Attendance(parts, version, await attendance.#isFolded())
  }

  /** Whether somebody folded it before, or does now. Where nobody does, that is told on a diagnostics channel. */
  async afterwards(): Promise<boolean> {
    // What was swapped in is swapped in: that this cannot be asked is no failure of it.
    const attended = this.#before || (await this.#isFolded().catch(() => true))
    if (!attended) this.#tell()
    return attended
  }

  async #isFolded(): Promise<boolean> {
    const { host, store } = this.#parts
    const { projection, version } = this.#version
    const mine = host.projections.some(each => each.name === projection && each.version === version)
    if (mine && host.run !== 'commands') return true
    return store.inSession('looking for workers', async session => {
      const { rows } = await session.query(REPORTED, [schemaName({ projection, version })])
      return rows[0]![0] === 't'
    })
  }

  #tell(): void {
    const { host } = this.#parts
    const { projection, version } = this.#version
    const definition = host.projections.find(each => each.name === projection && each.version === version)
    const sources = definition ? feedingSources(definition, host.sources) : host.sources
    for (const { store } of sources) {
      const diagnostic: UnattendedDiagnostic = { logId: store.logId, projection, version }
      unattended.publish(diagnostic)
    }
  }
}
