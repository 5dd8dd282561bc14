import { execFile } from 'node:child_process'
import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { appendEvents, filledFolder, open, readEverything, temporaryFolder } from './folder/workbench.js'

const PACKAGE = fileURLToPath(new URL('..', import.meta.url))

describe('the command hindcast-lmdb, as it is published', () => {
  it('backs up a log that a process has open and appends to, and verifies the copy', async () => {
    const folder = await filledFolder()
    const store = await open(folder)
    onTestFinished(() => store[Symbol.asyncDispose]())
    const target = temporaryFolder()
    const [backup] = await Promise.all([hindcastLmdb('backup', folder, target), appendEvents(store, 500)])
    expect(backup).toMatchObject({ code: 0, stderr: '' })
    expect(backup.stdout).toMatch(new RegExp(`^log ${store.logId}: \\d+ bytes copied to ${target}\n$`))

    const verify = await hindcastLmdb('verify', target)
    const events = await readEverything(target)
    expect(events).toBeGreaterThanOrEqual(2000)
    expect(verify).toEqual({
      code: 0,
      stdout: `log ${store.logId}: ${events} events in 23 streams and 8 partitions, all sound\n`,
      stderr: '',
    })
  })

  it('ends with the code of the error, and with 3 when it has found damage, 1 when it could not look or copy', async () => {
    const folder = await filledFolder()
    const target = temporaryFolder()
    writeFileSync(join(target, 'note.txt'), '')
    const backup = await hindcastLmdb('backup', folder, target)
    expect(backup).toMatchObject({ code: 1, stdout: '' })
    expect(backup.stderr).toContain(`HC_FOLDER_UNUSABLE: folder "${target}"`)

    truncateSync(join(folder, 'data.mdb'), 20_000)
    const verify = await hindcastLmdb('verify', folder)
    expect(verify).toMatchObject({ code: 3, stdout: '' })
    expect(verify.stderr).toContain(`HC_FOLDER_DAMAGED: folder "${folder}"`)
    expect(await hindcastLmdb('backup', folder, temporaryFolder())).toMatchObject({ code: 1, stdout: '' })
    expect(await hindcastLmdb('verify', target)).toMatchObject({ code: 1, stdout: '' })
  })

  it('ends with 2 and tells its usage when it is called wrongly', async () => {
    for (const args of [[], ['verify'], ['verify', 'a', 'b'], ['backup', 'a'], ['restore', 'a']])
      expect(await hindcastLmdb(...args)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining('hindcast-lmdb backup <folder> <empty folder>'),
      })
    expect(await hindcastLmdb('--help')).toMatchObject({ code: 0, stderr: '' })
  })
})

/** Runs what the manifest names as the package's command. */
function hindcastLmdb(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as {
    bin: Record<string, string>
  }
  const program = join(PACKAGE, manifest.bin['hindcast-lmdb']!)
  return new Promise(resolve => {
    const child = execFile(process.execPath, [program, ...args], (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })
}
