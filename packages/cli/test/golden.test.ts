import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Add } from './app/counter.js'
import { Workplace } from './workplace.js'

describe('hindcast golden', () => {
  it('takes a real event of each type and version, once, and replays it', async () => {
    await using place = await Workplace.make()
    await using app = await place.app()
    for (const count of [2, 3]) await app.execute('a', Add.of({ count }))
    const file = join('golden', 'counter.added.v1.ndjson')
    expect(await place.hindcast('golden', 'take')).toEqual({
      code: 0,
      stdout: `written  ${file}\n`,
      stderr: '1 written, 0 were there, 0 problems\n',
    })
    expect(await readdir(join(place.folder, 'golden'))).toEqual(['counter.added.v1.ndjson'])
    expect(await place.hindcast('--json', 'golden', 'take')).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(await place.hindcast('golden', 'check')).toEqual({
      code: 0,
      stdout: '',
      stderr: '1 of 1 golden events replay\n',
    })
  })

  it('fails with the file, the version and the step when the code has moved on without them', async () => {
    await using place = await Workplace.make()
    await using app = await place.app()
    await app.execute('a', Add.of({ count: 2 }))
    await place.hindcast('golden', 'take')
    const code = await readFile(join(place.folder, 'counter.ts'), 'utf8')
    await place.write(
      'counter.ts',
      code.replace("Event('counter.added')", "Event('counter.added', { version: 2 })"),
    )
    const { code: ended, stdout } = await place.hindcast('--json', 'golden', 'check')
    expect(ended).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({
      code: 'HC_GOLDEN_REPLAY',
      file: join('golden', 'counter.added.v1.ndjson'),
      type: 'counter.added',
      schemaVersion: 1,
      step: 'upcast',
    })
  })

  it('tells of events that the code does not know, with their place, and takes the others', async () => {
    await using place = await Workplace.make()
    await using app = await place.app()
    await app.execute('a', Add.of({ count: 2 }))
    const foreign = { id: '1', type: 'counter.unheard', schemaVersion: 1, data: '{"x":1}' }
    await app.store.append([{ stream: 'counter-b', expected: 'none', events: [foreign] }], { commandId: 'c' })
    const { code, stdout } = await place.hindcast('golden', 'take')
    expect(code).toBe(3)
    expect(stdout).toMatch(
      /HC_EVENT_TYPE_UNKNOWN {2}event "counter\.unheard" is unknown to this code \(at \d:\d+, stream "counter-b"/,
    )
    expect(await readdir(join(place.folder, 'golden'))).toEqual([
      'counter.added.v1.ndjson',
      'counter.unheard.v1.ndjson',
    ])
    expect((await place.hindcast('golden', 'check')).stdout).toContain(
      'counter.unheard.v1.ndjson:2: "counter.unheard" version 1 does not pass the step upcast',
    )
  })

  it('fails where there are none', async () => {
    await using place = await Workplace.make()
    const { code, stderr } = await place.hindcast('golden', 'check')
    expect(code).toBe(1)
    expect(stderr).toMatch(/^HC_GOLDEN_FILE golden cannot be used: it cannot be read/)
  })
})
