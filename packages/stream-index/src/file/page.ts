import { readSync } from 'node:fs'

/** The pages of LMDB's file, read without mapping them. */
export interface PageSource {
  readonly pageSize: number
  /** How many whole pages the file has. */
  readonly count: number
  /** A page; only up to the next call. */
  read(number: number): Buffer
}

/** What LMDB calls no page: the root of an empty tree. */
const NO_PAGE = 0xffff_ffff_ffff_ffffn
/** A page's header: number (u64), transaction (u64), padding (u16), flags (u16), then how far its list of nodes goes (u16) and where they begin (u16). */
export const HEADER_BYTES = 24

/** A node's header: its value's size (u32), flags (u16), and its key's size (u16), then the key; of a branch page, size and flags are the page below it. */
export const NODE_BYTES = 8
/** The value of a node that names a tree: padding (u32), flags (u16), depth (u16), four counts (u64), and the root (u64). */
export const TREE_BYTES = 48
export const ROOT_AT = 40
/** The value of a node whose own lies on pages for itself: the first page (u64), transaction (u64), and their number (u64). */
export const OVERFLOW_BYTES = 24
export const PAGE_FLAG = { branch: 0x01, leaf: 0x02, overflow: 0x04 } as const
export const NODE_FLAG = { overflow: 0x01, tree: 0x02 } as const

/** What a page of a tree leads to. */
export interface PageContent {
  readonly branch: boolean
  /** Of a branch page: the pages below it. */
  readonly children: readonly number[]
  /** Of a leaf page: the roots of the trees that it names, and the first pages of values too large for it. */
  readonly references: readonly { readonly page: number; readonly root: boolean }[]
}

/** Reads a page of a tree, by what it says about itself. @returns undefined when it cannot be one */
export function parsePage(page: Buffer, number: number): PageContent | undefined {
  const flags = page.readUInt16LE(18)
  const branch = flags === PAGE_FLAG.branch
  const lower = page.readUInt16LE(20)
  const upper = page.readUInt16LE(22)
  if (page.readBigUInt64LE(0) !== BigInt(number) || (!branch && flags !== PAGE_FLAG.leaf)) return undefined
  if (lower > upper || upper + HEADER_BYTES > page.length || lower % 2 !== 0) return undefined
  const children: number[] = []
  const references: { page: number; root: boolean }[] = []
  for (let i = 0; i < lower / 2; i++) {
    const at = page.readUInt16LE(HEADER_BYTES + i * 2) + HEADER_BYTES
    if (at < HEADER_BYTES + upper || at + NODE_BYTES > page.length) return undefined
    if (branch) children.push(childOf(page, at))
    else if (!readLeafNode(page, at, references)) return undefined
  }
  return { branch, children, references }
}

/** The page below a branch page's node. */
export function childOf(page: Buffer, at: number): number {
  return page.readUInt32LE(at) + page.readUInt16LE(at + 4) * 0x1_0000_0000
}

function readLeafNode(page: Buffer, at: number, references: { page: number; root: boolean }[]): boolean {
  const flags = page.readUInt16LE(at + 4)
  const data = at + NODE_BYTES + page.readUInt16LE(at + 6)
  const size = flags & NODE_FLAG.overflow ? OVERFLOW_BYTES : page.readUInt32LE(at)
  if (data + size > page.length) return false
  if (flags & NODE_FLAG.overflow) references.push({ page: Number(page.readBigUInt64LE(data)), root: false })
  else if (flags & NODE_FLAG.tree) {
    if (size !== TREE_BYTES) return false
    const root = readPageNumber(page, data + ROOT_AT)
    if (root !== undefined) references.push({ page: root, root: true })
  }
  return true
}

/** Reads the number of a page; undefined for none. */
export function readPageNumber(bytes: Buffer, at: number): number | undefined {
  const number = bytes.readBigUInt64LE(at)
  return number === NO_PAGE ? undefined : Number(number)
}

/** Reads a number of 8 bytes that is below 2 ** 53. */
export function readUint64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x1_0000_0000
}

/** Reads so many bytes from where a page begins. @returns false when the file does not have them, whatever the number */
export function readPages(
  file: number,
  pageSize: number,
  number: number,
  target: Buffer,
  at: number,
  length: number,
): boolean {
  const position = number * pageSize
  return position <= Number.MAX_SAFE_INTEGER && readSync(file, target, at, length, position) === length
}
