/** The pages of LMDB's file, read without mapping them. */
export interface PageSource {
  readonly pageSize: number
  /** How many whole pages the file has. */
  readonly count: number
  /** A page; only up to the next call. */
  read(number: number): Buffer
}

/** What LMDB calls no page: the root of an empty tree. */
export const NO_PAGE = 0xffff_ffff_ffff_ffffn
/** A page's header: number (u64), transaction (u64), padding (u16), flags (u16), then how far its list of nodes goes (u16) and where they begin (u16). */
export const HEADER_BYTES = 24

const NODE_BYTES = 8
const TREE_BYTES = 48
const ROOT_AT = 40
const OVERFLOW_BYTES = 24
const PAGE_FLAG = { branch: 0x01, leaf: 0x02 } as const
const NODE_FLAG = { overflow: 0x01, tree: 0x02 } as const

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

function childOf(page: Buffer, at: number): number {
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
    const root = page.readBigUInt64LE(data + ROOT_AT)
    if (root !== NO_PAGE) references.push({ page: Number(root), root: true })
  }
  return true
}
