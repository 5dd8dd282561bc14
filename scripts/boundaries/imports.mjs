import { parseSync, Visitor } from 'oxc-parser'

/**
 * Every module that a file names: imports, re-exports, `import()`, `require()` and import types.
 *
 * @param {string} path
 * @param {string} text
 * @returns {Array<{ specifier: string, line: number }>}
 */
export function importsOf(path, text) {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} cannot be read: ${errors[0]?.message}`)
  /** @type {Array<{ specifier: string, line: number }>} */
  const found = []
  /** @param {{ type: string, value?: unknown, start: number } | null | undefined} node */
  const add = node => {
    if (node?.type !== 'Literal' || typeof node.value !== 'string') return
    found.push({ specifier: node.value, line: text.slice(0, node.start).split('\n').length })
  }
  new Visitor({
    ImportDeclaration: node => add(node.source),
    ExportNamedDeclaration: node => add(node.source),
    ExportAllDeclaration: node => add(node.source),
    ImportExpression: node => add(node.source),
    CallExpression: ({ callee, arguments: [argument] }) => {
      if (callee.type === 'Identifier' && callee.name === 'require') add(argument)
    },
    TSImportType: node => add(node.source),
  }).visit(program)
  return found
}
