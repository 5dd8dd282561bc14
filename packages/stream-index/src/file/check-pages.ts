import { parsePage, type PageSource } from './page.js'

/**
 * Follows the trees of LMDB's file from their roots, and makes sure that every page is what it should be and that everything
 * it leads to is in the file. Checksums of what is stored are not its business.
 *
 * @param deep - also reads the leaf pages of the trees, which is nearly the whole file; else only their branch pages, of
 *   which there is one for about a hundred leaves
 * @returns what is wrong, if anything is
 */
export function findBrokenPage(
  source: PageSource,
  roots: readonly number[],
  deep: boolean,
): string | undefined {
  const waiting = [...roots]
  // Of a damaged file, or of one that is read while it changes, pages may lead in a circle.
  const seen = new Uint8Array(source.count)
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    if (!isInFile(source, number)) return `page ${number} is missing, the file has ${source.count}`
    if (seen[number]) return `page ${number} is reached in two ways`
    seen[number] = 1
    const page = parsePage(source.read(number), number)
    if (!page) return `page ${number} is damaged`
    const lost = page.references.find(reference => !isInFile(source, reference.page))
    if (lost) return `page ${number} refers to page ${lost.page}, the file has ${source.count}`
    for (const reference of page.references) if (reference.root) waiting.push(reference.page)
    if (deep || !leadToLeaves(source, page.children)) waiting.push(...page.children)
    else {
      const beyond = page.children.find(child => !isInFile(source, child))
      if (beyond !== undefined) return `page ${beyond} is missing, the file has ${source.count}`
    }
  }
  return undefined
}

/** All pages of a level are of one kind: the first one tells. */
function leadToLeaves(source: PageSource, [first]: readonly number[]): boolean {
  return (
    first !== undefined && isInFile(source, first) && parsePage(source.read(first), first)?.branch === false
  )
}

/** The first two pages are LMDB's own. */
function isInFile(source: PageSource, number: number): boolean {
  return number >= 2 && number < source.count
}
