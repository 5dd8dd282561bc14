import { describe, expect, it } from 'vitest'
import { findBrokenPage } from '../src/file/check-pages.js'
import { HEADER_BYTES, type PageSource } from '../src/file/page.js'

const PAGE_BYTES = 256
const BRANCH = 1
const LEAF = 2

describe('looking at the pages of a file', () => {
  it('finds nothing wrong with a tree', () => {
    const source = file({ 2: branch(3, 4), 3: leaf(), 4: branch(5, 6), 5: leaf(), 6: leaf() })
    expect(findBrokenPage(source, [2], true)).toBeUndefined()
  })

  it('comes to an end where pages lead in a circle, as in a file that is read while it changes', () => {
    expect(findBrokenPage(file({ 2: branch(2) }), [2], true)).toBe('page 2 is reached in two ways')
    const circle = file({ 2: branch(3), 3: branch(4, 5), 4: branch(2), 5: leaf() })
    expect(findBrokenPage(circle, [2], true)).toBe('page 2 is reached in two ways')
    expect(findBrokenPage(circle, [2], false)).toBe('page 2 is reached in two ways')
  })

  it('names a page that two pages lead to', () => {
    const source = file({ 2: branch(3, 4), 3: branch(5), 4: branch(5), 5: leaf() })
    expect(findBrokenPage(source, [2], true)).toBe('page 5 is reached in two ways')
  })

  it('names a page that is not there, or is none', () => {
    expect(findBrokenPage(file({ 2: branch(9) }), [2], true)).toBe('page 9 is missing, the file has 3')
    expect(findBrokenPage(file({ 2: branch(3), 4: leaf() }), [2], true)).toBe('page 3 is damaged')
  })
})

type Page = { readonly flags: number; readonly children: readonly number[] }

function branch(...children: readonly number[]): Page {
  return { flags: BRANCH, children }
}

function leaf(): Page {
  return { flags: LEAF, children: [] }
}

/** A file of LMDB's pages; a number that is left out is a page of zeros. */
function file(pages: Readonly<Record<number, Page>>): PageSource {
  const count = Math.max(...Object.keys(pages).map(Number)) + 1
  return {
    pageSize: PAGE_BYTES,
    count,
    read: number => (pages[number] ? encode(number, pages[number]) : Buffer.alloc(PAGE_BYTES)),
  }
}

function encode(number: number, { flags, children }: Page): Buffer {
  const page = Buffer.alloc(PAGE_BYTES)
  page.writeBigUInt64LE(BigInt(number), 0)
  page.writeUInt16LE(flags, 18)
  let upper = PAGE_BYTES - HEADER_BYTES
  children.forEach((child, i) => {
    upper -= 8
    page.writeUInt32LE(child, HEADER_BYTES + upper)
    page.writeUInt16LE(upper, HEADER_BYTES + i * 2)
  })
  page.writeUInt16LE(children.length * 2, 20)
  page.writeUInt16LE(upper, 22)
  return page
}
