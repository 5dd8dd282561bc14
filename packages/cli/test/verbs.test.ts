import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { Add } from './app/counter.js'
import { Workplace } from './workplace.js'

describe('hindcast stream', () => {
  it('shows each event and the state after it, beside the running app', async () => {
    await using place = await Workplace.make()
    await using app = await place.app()
    await app.execute('a', Add.of({ count: 2 }))
    await app.execute('a', Add.of({ count: 3 }))
    const { code, stdout, stderr } = await place.hindcast('stream', 'counter-a', '--states')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.replaceAll(/\d{4}-[^ ]+Z/g, 'TIME')).toBe(
      [
        '   0  TIME  counter.added  Added { count: 2 }',
        '      = Counter { total: 2 }',
        '   1  TIME  counter.added  Added { count: 3 }',
        '      = Counter { total: 5 }',
        '',
      ].join('\n'),
    )
  })

  it('gives machines one object a line', async () => {
    await using place = await Workplace.make()
    await using app = await place.app()
    await app.execute('a', Add.of({ count: 2 }))
    const { stdout } = await place.hindcast('--json', 'stream', 'counter-a', '--states')
    expect(JSON.parse(stdout)).toMatchObject({
      meta: { stream: 'counter-a', version: 0, type: 'counter.added' },
      event: { count: 2 },
      state: { total: 2 },
    })
  })

  it('says that a stream has no events, and what a misspelt category should be', async () => {
    await using place = await Workplace.make()
    await (await place.app()).stop()
    expect(await place.hindcast('stream', 'counter-nobody')).toMatchObject({
      code: 0,
      stderr: 'stream "counter-nobody" has no events\n',
    })
    const wrong = await place.hindcast('stream', 'conter-a')
    expect(wrong).toMatchObject({ code: 1, stdout: '' })
    expect(wrong.stderr).toMatch(/^HC_CATEGORY_UNKNOWN .*Did you mean "counter"\?/)
    expect(wrong.stderr).not.toContain('    at ')
    expect((await place.hindcast('stream', 'conter-a', '--verbose')).stderr).toContain('    at ')
  })
})

describe('hindcast tail', () => {
  it('shows events as they come, until it is told to end', async () => {
    await using place = await Workplace.make()
    await using app = await place.app()
    await app.execute('a', Add.of({ count: 1 }))
    const tail = await place.start('tail', '--from-beginning')
    await tail.printed('Added { count: 1 }')
    await app.execute('b', Add.of({ count: 7 }))
    await tail.printed('counter-b 0  counter.added  Added { count: 7 }')
    tail.child.kill('SIGINT')
    expect(await tail.ended).toMatchObject({ code: 0 })
  })

  it('ends at the end when it does not follow, with the events of one type', async () => {
    await using place = await Workplace.make()
    await using app = await place.app()
    for (let i = 0; i < 20; i++) await app.execute(`k${i}`, Add.of({ count: i }))
    const all = await place.hindcast('tail', '--no-follow', '--json')
    expect(all.stdout.trim().split('\n')).toHaveLength(20)
    const none = await place.hindcast('tail', '--no-follow', '--type', 'counter.removed')
    expect(none).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('shows what today’s code cannot read, with the reason', async () => {
    await using place = await Workplace.make()
    await using app = await place.app()
    const foreign = { id: '1', type: 'counter.unheard', schemaVersion: 1, data: '{"x":1}' }
    await app.store.append([{ stream: 'counter-a', expected: 'none', events: [foreign] }], { commandId: 'c' })
    const { stdout } = await place.hindcast('tail', '--no-follow', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ data: { x: 1 }, problem: { code: 'HC_EVENT_TYPE_UNKNOWN' } })
  })
})

describe('looking into a log', () => {
  it.each([['tail'], ['stream', 'counter-a']])('makes none where there is none: %s', async (...verb) => {
    await using place = await Workplace.make()
    const before = await readdir(place.folder)
    const { code, stdout, stderr } = await place.hindcast(...verb)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^HC_FOLDER_UNUSABLE /)
    expect(await readdir(place.folder)).toEqual(before)
  })

  it('is refused where the app keeps its log in memory', async () => {
    await using place = await Workplace.make()
    await place.write('hindcast.config.ts', 'export default { aggregates: [] }')
    const { code, stderr } = await place.hindcast('tail')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^HC_NO_LOG .*store: lmdb/)
  })
})

describe('hindcast run', () => {
  it('runs the app until SIGTERM, then finishes what it accepted', async () => {
    await using place = await Workplace.make()
    const running = await place.start('run')
    await running.printed('started in')
    running.child.kill('SIGTERM')
    const { code, stderr } = await running.ended
    expect(code).toBe(0)
    expect(stderr).toContain('everything accepted is finished')
  })
})
