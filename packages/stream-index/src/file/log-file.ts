import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { logKeys } from '../key/log-key.js'
import { Arena } from '../record/arena.js'
import { isIntact } from '../record/check-append.js'
import { StoredAppend } from '../record/stored-append.js'
import { DATA_FILE } from './data-file.js'
import { readNewestMeta, type Meta } from './meta.js'
import {
  HEADER_BYTES,
  NODE_BYTES,
  NODE_FLAG,
  OVERFLOW_BYTES,
  PAGE_FLAG,
  readPageNumber,
  readPages,
  readUint64,
  ROOT_AT,
  TREE_BYTES,
} from './page.js'
import { TreeCursor, type Tree } from './tree-cursor.js'

/** The log's table, as lmdb names it in the main tree. */
const TABLE = Buffer.from('log\0')
/** What LMDB says in the meta page of a file that is neither encrypted nor otherwise special. */
const PLAIN_FILE = 0x08
/** The same of a table without duplicates, whose keys are in the order of their bytes. */
const PLAIN_TABLE = 0
const LOG_KEY_BYTES = 8
/** No append is nearly as large; a damaged length may say so. */
const MAX_BYTES = 16 * 1_048_576

/**
 * The appends of a log, read from LMDB's file past its map: mapped pages count as the process's memory for as long as nobody
 * else wants it, a whole log of them when a whole log is read; what is read comes from the system's cache and is nobody's.
 *
 * Guarantee: what it gives is an append of the log, whole. It gives nothing where it does not know the file exactly; ask LMDB then.
 *
 * @see docs/adr/0021-long-reads-go-past-the-map.md
 */
export class LogFile {
  private readonly file: number
  private readonly arena = new Arena()

  /** @param folder - of an environment that is open */
  constructor(folder: string) {
    this.file = openSync(join(folder, DATA_FILE), 'r')
  }

  /**
   * Begins to read a partition. LMDB must hold a snapshot from before this call until the last append was taken: else a writer
   * may use its pages again.
   *
   * @param offset - of the first append
   */
  readFrom(partition: number, offset: number): LogPages {
    const meta = this.snapshot()
    const cursor = meta && new TreeCursor(this.file, meta.pageSize, this.arena)
    const tree = meta && cursor && findTable(meta, cursor)
    const found = tree && cursor.seek(tree, logKey(partition, offset))
    return new LogPages(this.file, meta?.pageSize ?? 0, this.arena, found ? cursor : undefined, partition)
  }

  /** The newest state of the file; a writer that is changing the meta pages is seen by reading them twice. */
  private snapshot(): Meta | undefined {
    const meta = readNewestMeta(this.file)
    const again = readNewestMeta(this.file)
    const stable = meta?.transaction === again?.transaction && meta?.main === again?.main
    return stable && meta?.flags === PLAIN_FILE ? meta : undefined
  }

  /** Closes the file. */
  close(): void {
    closeSync(this.file)
  }
}

/** Appends of a partition, one behind the other. */
export class LogPages {
  constructor(
    private readonly file: number,
    private readonly pageSize: number,
    private readonly arena: Arena,
    /** At the next append; undefined when there is none that could be given. */
    private cursor: TreeCursor | undefined,
    private readonly partition: number,
  ) {}

  /**
   * The next append, if its offset is this one. Its memory is its own.
   *
   * @returns undefined when it is not, is damaged, or cannot be reached; from then on always
   */
  take(offset: number): StoredAppend | undefined {
    const append = this.cursor && this.current(this.cursor, offset)
    if (!append || !this.cursor?.next()) this.cursor = undefined
    return append
  }

  private current({ bytes, node, pageEnd }: TreeCursor, offset: number): StoredAppend | undefined {
    const key = node + NODE_BYTES
    const at = key + LOG_KEY_BYTES
    const { partition } = this
    if (bytes.readUInt16LE(key - 2) !== LOG_KEY_BYTES || at > pageEnd) return undefined
    if (bytes.readUInt16BE(key) !== partition || bytes.readUIntBE(key + 2, 6) !== offset) return undefined
    const length = bytes.readUInt32LE(node)
    const flags = bytes.readUInt16LE(node + 4)
    if (flags === 0 && at + length <= pageEnd) return this.append(bytes, at, length, offset)
    if (flags !== NODE_FLAG.overflow || at + OVERFLOW_BYTES > pageEnd) return undefined
    return this.overflow(readPageNumber(bytes, at), length, offset)
  }

  /** An append that is too large for a leaf lies on pages of its own, behind the header of the first. */
  private overflow(page: number | undefined, length: number, offset: number): StoredAppend | undefined {
    if (page === undefined || length > MAX_BYTES) return undefined
    this.arena.reserve(HEADER_BYTES + length)
    const { buffer, at } = this.arena
    if (!readPages(this.file, this.pageSize, page, buffer, at, HEADER_BYTES + length)) return undefined
    if (readUint64(buffer, at) !== page || buffer.readUInt16LE(at + 18) !== PAGE_FLAG.overflow)
      return undefined
    return this.append(buffer, at + HEADER_BYTES, length, offset)
  }

  private append(bytes: Buffer, at: number, length: number, offset: number): StoredAppend | undefined {
    return isIntact(bytes, at, length)
      ? new StoredAppend(bytes, at, length, this.partition, offset)
      : undefined
  }
}

/** Looks up the log's table in the main tree. */
function findTable(meta: Meta, cursor: TreeCursor): Tree | undefined {
  const { main, mainDepth, transaction } = meta
  if (main === undefined || !cursor.seek({ root: main, transaction, depth: mainDepth }, TABLE))
    return undefined
  const { bytes, node, pageEnd, transaction: written } = cursor
  const key = node + NODE_BYTES
  const at = key + TABLE.length
  if (bytes.readUInt16LE(key - 2) !== TABLE.length || at + TREE_BYTES > pageEnd) return undefined
  if (bytes.compare(TABLE, 0, TABLE.length, key, at) !== 0) return undefined
  if (bytes.readUInt16LE(node + 4) !== NODE_FLAG.tree || bytes.readUInt32LE(node) !== TREE_BYTES)
    return undefined
  const root = readPageNumber(bytes, at + ROOT_AT)
  if (root === undefined || bytes.readUInt16LE(at + 4) !== PLAIN_TABLE) return undefined
  return { root, transaction: written, depth: bytes.readUInt16LE(at + 6) }
}

function logKey(partition: number, offset: number): Buffer {
  const key = Buffer.alloc(LOG_KEY_BYTES)
  logKeys.writeKey({ partition, offset }, key, 0)
  return key
}
