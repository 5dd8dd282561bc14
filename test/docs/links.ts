import { posix } from 'node:path'
import { anchorsOf, linksOf } from './markdown.js'

/** What became of a page's relative links. */
export interface LinkReport {
  readonly seen: number
  /** Those that lead nowhere, as `line: target: why`. */
  readonly broken: readonly string[]
}

/**
 * Follows the relative links of a page, also links that are broken over lines.
 *
 * @param page - the page's path from the top
 * @param read - the text of a file; '' for a folder; undefined when there is none
 */
export function followLinks(page: string, read: (path: string) => string | undefined): LinkReport {
  const links = linksOf(read(page)!).filter(({ target }) => !/^[a-z][a-z+.-]*:/i.test(target))
  const broken = links.flatMap(({ target, line }) => {
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? page : posix.join(posix.dirname(page), path).replace(/\/$/, '')
    const text = read(file)
    if (text === undefined) return [`${line}: ${target}: there is no such file`]
    if (anchor !== undefined && !anchorsOf(text).has(anchor))
      return [`${line}: ${target}: there is no such heading`]
    return []
  })
  return { seen: links.length, broken }
}
