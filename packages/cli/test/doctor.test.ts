import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { findingsText, judgeMachine, type MachineFacts } from '../src/index.js'
import { Workplace } from './workplace.js'

const HEALTHY: MachineFacts = {
  ...{ node: '22.11.0', arch: 'x64', openFiles: 65_536, clockIsKept: true },
  ...{ memoryBytes: 8e9, heapBytes: 4e9 },
}

describe('a machine that is compared with what an app needs', () => {
  it('is right in everything', () => {
    expect(judgeMachine(HEALTHY).filter(({ verdict }) => verdict !== 'right')).toEqual([])
  })

  it.each<[Partial<MachineFacts>, string, string]>([
    [{ node: '20.18.3' }, 'Node', 'wrong'],
    [{ arch: 'ia32' }, 'processor', 'wrong'],
    [{ openFiles: 1_024 }, 'open files', 'doubtful'],
    [{ openFiles: 256 }, 'open files', 'wrong'],
    [{ openFiles: undefined }, 'open files', 'unknown'],
    [{ memoryBytes: 200e6, heapBytes: 1e8 }, 'memory', 'wrong'],
    [{ heapBytes: 9e9 }, 'heap of this process', 'doubtful'],
    [{ clockIsKept: undefined }, 'clock', 'unknown'],
    [{ clockIsKept: false }, 'clock', 'doubtful'],
  ])('%j is found: %s', (planted, subject, verdict) => {
    const found = judgeMachine({ ...HEALTHY, ...planted }).filter(each => each.verdict !== 'right')
    expect(found).toMatchObject([{ subject, verdict, fix: expect.any(String) as string }])
  })
})

describe('hindcast doctor', () => {
  it('tells each thing that a promise depends on, and makes nothing', async () => {
    await using place = await Workplace.make()
    const { code, stdout, stderr } = await place.hindcast('doctor')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^machine\n {2}right {4}Node: /)
    expect(stdout).toMatch(/\nlog\n {2}right {4}log folder "\.\/data\/log": can be written\n/)
    expect(stdout).toContain('doubtful kept: in memory')
    expect(stdout).toMatch(/\n0 wrong, \d+ doubtful, \d+ unknown, \d+ right\n$/)
    expect(await place.has('data')).toBe(false)
  })

  it('ends with 3 when something is wrong, and says of what it cannot look at that it is unknown', async () => {
    await using place = await Workplace.make()
    await place.write('hindcast.config.ts', BROKEN)
    const { code, stdout } = await place.hindcast('doctor', '--json')
    expect(code).toBe(3)
    const findings = stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as { part: string; verdict: string; fix?: string })
    expect(findings.find(({ part, verdict }) => part === 'log' && verdict === 'wrong')).toMatchObject({
      fix: expect.stringContaining('right to write') as string,
    })
    expect(findings.find(({ part }) => part === 'read models')).toMatchObject({ verdict: 'unknown' })
    expect(findings.every(({ verdict, fix }) => (verdict === 'right') === (fix === undefined))).toBe(true)
  })

  it('puts what to do under what is not right', () => {
    const right = { part: 'log', subject: 'fsync', value: 'on', verdict: 'right' } as const
    const wrong = { part: 'log', subject: 'disk', value: 'full', verdict: 'wrong', fix: 'make room' } as const
    expect(stripVTControlCharacters(findingsText([right, wrong])).split('\n')).toEqual([
      ...['log', '  right    fsync: on', '  wrong    disk: full', '            make room', ''],
      '1 wrong, 0 doubtful, 0 unknown, 1 right',
    ])
  })
})

const BROKEN = `
import { memoryReadModels } from '@hindcast/core'
import { lmdb } from '@hindcast/lmdb-store'
export default { store: lmdb('/dev/null/log'), readModels: memoryReadModels(), aggregates: [] }
`
