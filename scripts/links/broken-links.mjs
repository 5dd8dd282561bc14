import { posix } from 'node:path'

/**
 * The relative links of a Markdown page that lead nowhere. Code blocks and inline code are no links.
 *
 * @param {string} page relative to the top of the repository
 * @param {string} text
 * @param {(path: string) => string | undefined} read the text of a file, '' for a folder, undefined when there is none
 * @returns {{ links: number, broken: Array<{ line: number, target: string, why: string }> }}
 */
export function brokenLinks(page, text, read) {
  const prose = text.replace(/^```[\s\S]*?^```|`[^`\n]*`/gm, code => code.replace(/[^\n]/g, ' '))
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].filter(([, target = '']) => !/^\w+:/.test(target))
  const broken = links.flatMap(({ index, 1: target = '' }) => {
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? page : posix.join(posix.dirname(page), path)
    const there = file === page ? text : read(file.replace(/\/$/, ''))
    const line = text.slice(0, index).split('\n').length
    if (there === undefined) return [{ line, target, why: 'there is no such file' }]
    if (anchor && !anchorsOf(there).has(anchor)) return [{ line, target, why: 'there is no such heading' }]
    return []
  })
  return { links: links.length, broken }
}

/** @param {string} text */
function anchorsOf(text) {
  const headings = [...text.matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  )
  const explicit = [...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id)
  return new Set([...headings, ...explicit])
}
