/** A fenced block of a page. */
export interface Block {
  /** The word after the fence: `ts`, `text`, `sh` … */
  readonly language: string
  /** The further words after the fence. */
  readonly flags: readonly string[]
  readonly text: string
  /** The line of the opening fence, from 1. */
  readonly line: number
  /** True when nothing but empty lines stands between this block and the one before it. */
  readonly follows: boolean
}

/** A link of a page, as written. */
export interface Link {
  readonly text: string
  readonly target: string
  readonly line: number
}

const FENCE = /^(\s*)(`{3,}|~{3,})\s*(.*)$/
const LINK = /\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+(?:\([^()\s]*\)[^()\s]*)*)(?:\s+"[^"]*")?\)/g

/** The fenced blocks of a page, in order. @throws Error for a fence that is never closed */
export function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = []
  const lines = markdown.split('\n')
  let follows = false
  for (let i = 0; i < lines.length; i++) {
    const open = FENCE.exec(lines[i]!)
    if (!open) {
      if (lines[i]!.trim() !== '') follows = false
      continue
    }
    const [, indent, fence, info] = open
    const end = lines.findIndex(
      (line, at) => at > i && line.trim().startsWith(fence!) && line.trim() === fence,
    )
    if (end < 0) throw new Error(`the fence of line ${i + 1} is never closed`)
    const [language = '', ...flags] = info!.split(/\s+/)
    const text = lines
      .slice(i + 1, end)
      .map(line => (line.startsWith(indent!) ? line.slice(indent!.length) : line))
      .join('\n')
    blocks.push({ language, flags, text, line: i + 1, follows })
    follows = true
    i = end
  }
  return blocks
}

/** The links of a page outside of code, also those that are broken over lines. */
export function linksOf(markdown: string): readonly Link[] {
  const text = withoutCode(markdown)
  return Array.from(text.matchAll(LINK), match => ({
    text: match[1]!.replaceAll(/\s+/g, ' '),
    target: match[2]!,
    line: text.slice(0, match.index).split('\n').length,
  }))
}

/** The anchors of a page's headings, made as GitHub makes them. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const line of blankBlocks(markdown)) {
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1]
    if (heading === undefined) continue
    const slug = heading
      .replaceAll(LINK, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-')
    let anchor = slug
    for (let n = 1; anchors.has(anchor); n++) anchor = `${slug}-${n}`
    anchors.add(anchor)
  }
  return anchors
}

/** The cells of every table row of a page, without the heads and the rules. */
export function tableRowsOf(markdown: string): readonly (readonly string[])[] {
  const lines = blankBlocks(markdown)
  return lines
    .filter((line, i) => line.startsWith('|') && !isRule(line) && !isRule(lines[i + 1] ?? ''))
    .map(line =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map(cell => cell.trim().replaceAll('\\|', '|')),
    )
}

function isRule(line: string): boolean {
  return /^\|(\s*:?-+:?\s*\|)+\s*$/.test(line)
}

/** The lines of a page with fenced blocks blanked, so that line numbers stay. */
function blankBlocks(markdown: string): readonly string[] {
  const lines = markdown.split('\n')
  for (const { line, text } of blocksOf(markdown))
    for (let i = line - 1; i <= line + text.split('\n').length; i++) lines[i] = ''
  return lines
}

/** The page with blocks and inline code blanked, line for line. Inline code within a link's text stays the link's text. */
function withoutCode(markdown: string): string {
  return blankBlocks(markdown)
    .map(line => line.replaceAll(/(?<![[`])(`+)(?!`)[^`]*\1(?!`)/g, code => ' '.repeat(code.length)))
    .join('\n')
}
