import type { Arena } from '../record/arena.js'
import { childOf, HEADER_BYTES, NODE_BYTES, PAGE_FLAG, readPages, readUint64 } from './page.js'

const MAX_DEPTH = 32

/** Where a tree of LMDB's file begins. */
export interface Tree {
  readonly root: number
  /** The transaction that wrote what names the root: the root is not younger. */
  readonly transaction: number
  /** How many pages lie one below the other. */
  readonly depth: number
}

interface Branch {
  readonly page: Buffer
  readonly entries: number
  readonly transaction: number
  /** The entry below which the cursor is. */
  index: number
}

/**
 * A place in a tree of LMDB's file, moved from entry to entry in the order of keys, by ordinary reads of one page at a time:
 * nothing of the file is mapped.
 *
 * It believes no page: each must have the number by which it was reached and the kind of its level, must not be
 * younger than the page that leads to it (LMDB copies what it changes, up to the root), and its nodes must lie in it. Whatever is not
 * so ends the cursor as the end of the tree does, and who uses it asks LMDB itself.
 */
export class TreeCursor {
  /** Holds the entry's page, and never changes. */
  bytes: Buffer = Buffer.alloc(0)
  /** Where the entry's node begins there. */
  node = 0
  /** The transaction that wrote the entry's page. */
  transaction = 0
  private readonly branches: Branch[] = []
  private pageAt = 0
  private entries = 0
  private index = 0

  /** @param arena - keeps the leaf pages */
  constructor(
    private readonly file: number,
    private readonly pageSize: number,
    private readonly arena: Arena,
  ) {}

  /** Goes to the first entry that is not below a key. @returns false when there is none, or no way to it */
  seek({ root, transaction, depth }: Tree, key: Buffer): boolean {
    this.branches.length = 0
    let page = root
    let newest = transaction
    // A tree of more levels would have more pages than a file.
    for (let level = 1; level < Math.min(depth, MAX_DEPTH); level++) {
      const branch = this.readBranch(page, newest)
      if (!branch) return false
      this.branches.push(branch)
      // The first key of a branch page stands for everything below the second.
      branch.index = this.search(branch.page, 0, 1, branch.entries, key, true) - 1
      const node = this.nodeOf(branch.page, 0, branch.index)
      if (node === undefined) return false
      page = childOf(branch.page, node)
      newest = branch.transaction
    }
    if (!this.readLeaf(page, newest)) return false
    this.index = this.search(this.bytes, this.pageAt, 0, this.entries, key, false)
    return this.index < this.entries ? this.place() : this.nextLeaf()
  }

  /** Goes to the next entry. @returns false when there is none, or no way to it */
  next(): boolean {
    return ++this.index < this.entries ? this.place() : this.nextLeaf()
  }

  /** Where the page of the entry ends in {@link bytes}. */
  get pageEnd(): number {
    return this.pageAt + this.pageSize
  }

  private place(): boolean {
    const node = this.nodeOf(this.bytes, this.pageAt, this.index)
    if (node === undefined) return false
    this.node = node
    return true
  }

  private nextLeaf(): boolean {
    let level = this.branches.length - 1
    while (level >= 0 && ++this.branches[level]!.index === this.branches[level]!.entries) level--
    if (level < 0) return false
    for (; level < this.branches.length; level++) {
      const { page, index, transaction } = this.branches[level]!
      const node = this.nodeOf(page, 0, index)
      if (node === undefined) return false
      const below = childOf(page, node)
      if (level === this.branches.length - 1) {
        if (!this.readLeaf(below, transaction)) return false
      } else {
        const branch = this.readBranch(below, transaction)
        if (!branch) return false
        this.branches[level + 1] = branch
      }
    }
    this.index = 0
    return this.entries > 0 && this.place()
  }

  private readBranch(number: number, newest: number): Branch | undefined {
    const page = Buffer.allocUnsafe(this.pageSize)
    if (!readPages(this.file, this.pageSize, number, page, 0, this.pageSize)) return undefined
    const entries = entriesOf(page, 0, this.pageSize, number, PAGE_FLAG.branch, newest)
    return entries > 0 ? { page, entries, transaction: readUint64(page, 8), index: 0 } : undefined
  }

  private readLeaf(number: number, newest: number): boolean {
    this.arena.reserve(this.pageSize)
    this.bytes = this.arena.buffer
    this.pageAt = this.arena.at
    this.index = 0
    this.entries = readPages(this.file, this.pageSize, number, this.bytes, this.pageAt, this.pageSize)
      ? entriesOf(this.bytes, this.pageAt, this.pageSize, number, PAGE_FLAG.leaf, newest)
      : 0
    this.transaction = readUint64(this.bytes, this.pageAt + 8)
    return this.entries > 0
  }

  /** The first node, from one on, whose key is not below this one; or, if asked for, whose key is above it. */
  private search(bytes: Buffer, at: number, from: number, to: number, key: Buffer, above: boolean): number {
    let low = from
    let high = to
    while (low < high) {
      const middle = (low + high) >>> 1
      const node = this.nodeOf(bytes, at, middle)
      if (node === undefined) return Infinity
      const start = node + NODE_BYTES
      const order = bytes.compare(key, 0, key.length, start, start + bytes.readUInt16LE(start - 2))
      if (order < 0 || (above && order === 0)) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Where a node begins; undefined when it is not, with its key, in its page. */
  private nodeOf(bytes: Buffer, at: number, index: number): number | undefined {
    const end = at + this.pageSize
    const slot = at + HEADER_BYTES + index * 2
    if (!(slot < end)) return undefined
    const node = at + HEADER_BYTES + bytes.readUInt16LE(slot)
    const key = node + NODE_BYTES
    return key <= end && key + bytes.readUInt16LE(key - 2) <= end ? node : undefined
  }
}

/** How many nodes a page has; 0 when it is not the page that was looked for. */
function entriesOf(
  bytes: Buffer,
  at: number,
  pageSize: number,
  number: number,
  kind: number,
  newest: number,
): number {
  if (readUint64(bytes, at) !== number || readUint64(bytes, at + 8) > newest) return 0
  const lower = bytes.readUInt16LE(at + 20)
  const upper = bytes.readUInt16LE(at + 22)
  if (bytes.readUInt16LE(at + 18) !== kind || lower > upper || upper + HEADER_BYTES > pageSize) return 0
  return lower >>> 1
}
