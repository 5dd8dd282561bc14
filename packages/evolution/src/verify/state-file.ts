import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { VerifyScratchError } from './errors.js'

const SMALLEST_BITS = 7

/**
 * States that have no room in memory, in a file of the system's folder for temporary files, which nobody else sees: it is
 * deleted as soon as it is open, so that nothing of it stays behind, also after `kill -9`.
 *
 * A state lies in a slot of a power of two, and slots that are free are used again: with states that only grow the file is at most
 * four times as large as they are.
 */
export class StateFile implements Disposable {
  #file: number | undefined
  #end = 0
  /** By the power of two: the slots that are free. */
  readonly #free: number[][] = []

  /** @param folder - where the file is made, when the first state comes. Default: `os.tmpdir()` */
  constructor(private readonly folder: string = tmpdir()) {}

  /** The size of the file, in bytes. */
  get sizeBytes(): number {
    return this.#end
  }

  /** Writes a state. Gives where it lies. @throws VerifyScratchError */
  write(state: Buffer): number {
    const bits = bitsOf(state.length)
    const at = this.#free[bits]?.pop() ?? this.#end
    this.#try(file => {
      for (let done = 0; done < state.length;)
        done += writeSync(file, state, done, state.length - done, at + done)
    })
    if (at === this.#end) this.#end += 2 ** bits
    return at
  }

  /** Reads a state and frees its slot. @throws VerifyScratchError */
  take(at: number, bytes: number): Buffer {
    const state = Buffer.allocUnsafe(bytes)
    this.#try(file => {
      for (let done = 0; done < bytes;) {
        const read = readSync(file, state, done, bytes - done, at + done)
        if (read === 0) throw new Error('the file is shorter than what was written')
        done += read
      }
    })
    this.free(at, bytes)
    return state
  }

  /** Frees the slot of a state that is needed no more. */
  free(at: number, bytes: number): void {
    const bits = bitsOf(bytes)
    const free = (this.#free[bits] ??= [])
    free.push(at)
  }

  [Symbol.dispose](): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  #try(work: (file: number) => void): void {
    try {
      work((this.#file ??= makeFile(this.folder)))
    } catch (cause) {
      throw new VerifyScratchError(this.folder, cause)
    }
  }
}

function bitsOf(bytes: number): number {
  return Math.max(SMALLEST_BITS, Math.ceil(Math.log2(bytes)))
}

function makeFile(folder: string): number {
  const own = mkdtempSync(join(folder, 'hindcast-verify-'))
  try {
    return openSync(join(own, 'states'), 'w+', 0o600)
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
}
