/**
 * Where what was printed differs from what a page shows; undefined where it does not. In the page, `…` stands for anything
 * within a line, and a line of nothing but `…` for any number of lines.
 */
export function outputDifference(shown: string, printed: string): string | undefined {
  const pattern = linesOf(shown)
    .map(line => (line.trim() === '…' ? '(?:[^\n]*\n)*?' : `${line.split('…').map(escape).join('[^\n]*')}\n`))
    .join('')
  const text = linesOf(printed)
    .map(line => `${line}\n`)
    .join('')
  if (new RegExp(`^${pattern}$`).test(text)) return undefined
  return `the page shows:\n${shown}\nit prints:\n${printed}`
}

function linesOf(text: string): readonly string[] {
  return text
    .trimEnd()
    .split('\n')
    .map(line => line.trimEnd())
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
