import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Argument, Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { program } from '../src/program/program.js'
import { version } from '../src/program/version.js'
import { Workplace } from './workplace.js'

describe('the command line', () => {
  it('tells its version, and the verbs', async () => {
    await using place = await Workplace.make()
    expect(await place.hindcast('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
    const { code, stdout } = await place.hindcast('--help')
    expect(code).toBe(0)
    for (const verb of ['run', 'stream', 'tail']) expect(stdout).toContain(`  ${verb} `)
  })

  it.each([
    [['tial'], 'Did you mean tail?'],
    [['tail', '--form-beginning'], 'Did you mean --from-beginning?'],
    [['stream'], "missing required argument 'id'"],
    [['run', '--only', 'nothing'], 'Allowed choices are commands, workers'],
    [[], 'Usage: hindcast'],
  ])('is not understood: hindcast %j', async (args, said) => {
    await using place = await Workplace.make()
    const { code, stdout, stderr } = await place.hindcast(...args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(said)
  })

  it('loads nothing but the parser of arguments before it knows the verb', () => {
    const loaded = packagesLoadedBy(fileURLToPath(new URL('../dist/bin.js', import.meta.url)))
    expect([...loaded].filter(name => !name.startsWith('node:'))).toEqual(['commander'])
  })

  it('is described in docs/reference/cli.md, verb by verb and option by option', () => {
    const page = readFileSync(new URL('../../../docs/reference/cli.md', import.meta.url), 'utf8')
    const [, verbs = ''] = /## Verbs\n([^]*?)\n## /.exec(page) ?? []
    const rows = verbs.split('\n').filter(line => line.startsWith('| `'))
    const described = rows
      .map(row => row.split('|').map(cell => cell.trim()))
      .map(cells => [cells[1], flags(cells[3]!)])
    const root = program(() => Promise.resolve(), { stdout: process.stdout, stderr: process.stderr })
    const commands = verbsOf(root).map(({ name, verb }) => [
      `\`${[name, ...verb.registeredArguments.map(shownArgument)].join(' ')}\``,
      verb.options.map(option => option.long),
    ])
    expect(described).toEqual(commands)
  })
})

/** Every verb with its full name: `tail`, `parked list`. */
function verbsOf(
  command: Command,
  before = '',
): readonly { readonly name: string; readonly verb: Command }[] {
  return command.commands.flatMap(verb => {
    const name = `${before}${verb.name()}`
    return verb.commands.length > 0 ? verbsOf(verb, `${name} `) : [{ name, verb }]
  })
}

function shownArgument(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '…' : ''}`
  return argument.required ? `<${name}>` : `[${name}]`
}

function flags(cell: string): readonly string[] {
  return [...cell.matchAll(/--[\w-]+/g)].map(([flag]) => flag)
}

/** What a compiled module imports before it runs, through its own files. */
function packagesLoadedBy(file: string, seen = new Set<string>()): ReadonlySet<string> {
  const packages = new Set<string>()
  if (seen.has(file)) return packages
  seen.add(file)
  for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(/^(?:import|export) .*?'([^']+)'/gm))
    if (!from.startsWith('.')) packages.add(from)
    else for (const name of packagesLoadedBy(join(dirname(file), from), seen)) packages.add(name)
  return packages
}
