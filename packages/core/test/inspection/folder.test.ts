import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inspectFolder, judgeFileSystem, judgeFreeBytes } from '../../src/index.js'
import { mountOf } from '../../src/inspection/mount.js'

const MOUNTS = `22 1 259:1 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p1 rw
30 22 0:26 / /mnt/shared\\040data rw - nfs4 server:/export rw
31 22 0:27 / /mnt rw - tmpfs tmpfs rw
32 22 0:28 / /srv rw - xfs /dev/sdb rw
33 22 0:29 / /srv rw - overlay overlay rw
`

describe('the file system of a path', () => {
  it.each([
    ['/var/lib/app', 'ext4'],
    ['/mnt/shared data/log', 'nfs4'],
    ['/mnt/shared', 'tmpfs'],
    ['/mntx', 'ext4'],
    ['/srv/log', 'overlay'],
  ])('%s is on %s', (path, type) => {
    expect(mountOf(MOUNTS, path)?.type).toBe(type)
  })

  it.each([
    ['ext4', 'truth', 'right'],
    ['nfs4', 'truth', 'wrong'],
    ['nfs4', 'copy', 'wrong'],
    ['fuse.sshfs', 'copy', 'wrong'],
    ['tmpfs', 'truth', 'wrong'],
    ['tmpfs', 'copy', 'doubtful'],
    ['overlay', 'truth', 'doubtful'],
    ['overlay', 'copy', 'right'],
    ['fuse.strange', 'truth', 'unknown'],
    [undefined, 'truth', 'unknown'],
  ] as const)('%s that holds the %s is %s, with what to do', (type, holds, verdict) => {
    const finding = judgeFileSystem('log folder', type, holds)
    expect(finding.verdict).toBe(verdict)
    expect(finding.fix === undefined).toBe(verdict === 'right')
  })
})

describe('the free space of a folder', () => {
  it.each([
    [10e9, 'right'],
    [500e6, 'doubtful'],
    [50e6, 'wrong'],
    [undefined, 'unknown'],
  ] as const)('%s bytes are %s', (bytes, verdict) => {
    expect(judgeFreeBytes('log folder', bytes)).toMatchObject({ verdict })
  })
})

describe('a folder that files will be kept in', () => {
  it('is looked at where it would be made, and not made', async () => {
    const above = await mkdtemp(join(tmpdir(), 'hindcast-folder-'))
    try {
      const findings = await inspectFolder({
        name: 'log folder',
        folder: join(above, 'data/log'),
        holds: 'truth',
      })
      expect(findings.map(({ subject }) => subject.replace(/^.*"/, ''))).toEqual([
        '',
        ': file system',
        ': free space',
      ])
      expect(findings[0]).toMatchObject({ value: 'can be written', verdict: 'right' })
      await expect(rm(join(above, 'data'))).rejects.toMatchObject({ code: 'ENOENT' })
    } finally {
      await rm(above, { recursive: true })
    }
  })

  it('is wrong where nobody can write', async () => {
    const [writable] = await inspectFolder({ name: 'log folder', folder: '/dev/null/log', holds: 'truth' })
    expect(writable).toMatchObject({
      verdict: 'wrong',
      fix: expect.stringContaining('right to write') as string,
    })
  })
})
