import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const BLOCK = Buffer.alloc(4_096)

/** A disk that a test can fill. */
export class SmallDisk implements Disposable {
  private constructor(readonly folder: string) {}

  /** @throws Error where this user may not */
  static make(mebibytes: number): SmallDisk {
    const folder = mkdtempSync(join(tmpdir(), 'hindcast-disk-'))
    const options = ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder]
    const { status, stderr } = spawnSync('mount', options, { encoding: 'utf8' })
    if (status === 0) return new SmallDisk(folder)
    rmSync(folder, { recursive: true })
    throw new Error(`no disk can be made: ${stderr}`)
  }

  /** Whether this user may make one. */
  static get canBeMade(): boolean {
    try {
      using _ = SmallDisk.make(1)
      return true
    } catch {
      return false
    }
  }

  /** Takes all the room that is left, to the last block. */
  fill(): void {
    const file = openSync(this.#ballast, 'w')
    try {
      for (;;) writeSync(file, BLOCK)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    } finally {
      closeSync(file)
    }
  }

  /** Gives it back. */
  makeRoom(): void {
    rmSync(this.#ballast)
  }

  [Symbol.dispose](): void {
    spawnSync('umount', [this.folder])
    rmSync(this.folder, { recursive: true })
  }

  get #ballast(): string {
    return join(this.folder, 'ballast')
  }
}
