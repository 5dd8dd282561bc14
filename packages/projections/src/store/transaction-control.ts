/** What may stand in front of a statement: blanks, comments (those with stars nest), empty statements. */
const BLANK = /^(?:\s|;|--[^\n\r]*)+/
const CONTROL =
  /^(begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction|set\s+(local\s+|session\s+)?transaction|set\s+session\s+characteristics|set\s+session\s+authorization|discard)\b/i

/**
 * Whether a statement begins or ends a transaction. Enough for one statement at a time, which the extended protocol enforces:
 * inside of functions and DO blocks PostgreSQL itself refuses it.
 */
export function controlsTransaction(statement: string): boolean {
  return CONTROL.test(withoutComments(statement))
}

/** The statement from its first word on, with the comments between its first words made blanks. */
function withoutComments(statement: string): string {
  let rest = statement
  for (;;) {
    const blank = BLANK.exec(rest)
    if (blank) rest = rest.slice(blank[0].length)
    else if (rest.startsWith('/*')) rest = rest.slice(commentEnd(rest))
    else return between(rest)
  }
}

/** Comments may also stand between the words: `a comment after START hides TRANSACTION from nobody. */
function between(statement: string): string {
  let text = ''
  let rest = statement.slice(0, 2_000)
  while (rest.length > 0) {
    const comment = /--[^\n\r]*|\/\*/.exec(rest)
    if (!comment) return text + rest
    text += `${rest.slice(0, comment.index)} `
    rest = rest.slice(comment.index)
    rest = rest.startsWith('/*') ? rest.slice(commentEnd(rest)) : rest.slice(comment[0].length)
  }
  return text
}

function commentEnd(text: string): number {
  let depth = 0
  const mark = /\/\*|\*\//g
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    depth += found[0] === '/*' ? 1 : -1
    if (depth === 0) return mark.lastIndex
  }
  return text.length
}
