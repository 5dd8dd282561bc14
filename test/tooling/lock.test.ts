import { describe, expect, it } from 'vitest'
import { completeLock, missingPlatforms } from '../../scripts/lock/complete.mjs'
import { platformOf } from '../../scripts/lock/platforms.mjs'

const incomplete = {
  packages: {
    'node_modules/tool': {
      version: '2.0.0',
      resolved: ['https:/', 'registry.example', 'tool', '-', 'tool-2.0.0.tgz'].join('/'),
      dev: true,
      license: 'MIT',
      optionalDependencies: { '@tool/linux-x64-musl': '2.0.0', '@tool/darwin-arm64': '^2.0.0' },
    },
    'node_modules/@tool/linux-x64-musl': { version: '2.0.0', optional: true },
    'node_modules/linked': { resolved: 'packages/linked', link: true },
  },
}

describe('the lock file', () => {
  it('is completed with the packages of platforms that were not installed', () => {
    expect(missingPlatforms(incomplete).map(({ name }) => name)).toEqual(['@tool/darwin-arm64'])
    const { lock, added } = completeLock(incomplete)
    expect(added).toEqual(['@tool/darwin-arm64'])
    expect(lock.packages['node_modules/@tool/darwin-arm64']).toEqual({
      version: '2.0.0',
      os: ['darwin'],
      cpu: ['arm64'],
      dev: true,
      license: 'MIT',
      optional: true,
    })
    expect(missingPlatforms(lock)).toEqual([])
  })

  it('loses its addresses and keeps its links', () => {
    const { lock, addressesRemoved } = completeLock(incomplete)
    expect(addressesRemoved).toBe(1)
    expect(lock.packages['node_modules/tool']).not.toHaveProperty('resolved')
    expect(lock.packages['node_modules/linked']?.resolved).toBe('packages/linked')
  })

  it('is left as it is when nothing is missing', () => {
    const { lock } = completeLock(incomplete)
    expect(completeLock(lock)).toEqual({ lock, added: [], addressesRemoved: 0 })
  })

  it('refuses an optional package whose platform nobody knows', () => {
    const odd = { packages: { 'node_modules/tool': { optionalDependencies: { extras: '1.0.0' } } } }
    expect(() => completeLock(odd)).toThrow('the optional extras')
  })

  it.each([
    ['@oxlint/binding-linux-x64-gnu', { os: ['linux'], cpu: ['x64'], libc: ['glibc'] }],
    ['lightningcss-linux-arm64-musl', { os: ['linux'], cpu: ['arm64'], libc: ['musl'] }],
    ['@rolldown/binding-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'] }],
    ['@lmdb/lmdb-win32-x64', { os: ['win32'], cpu: ['x64'] }],
    ['@oxc-parser/binding-wasm32-wasi', { cpu: ['wasm32'] }],
    ['plain', undefined],
  ])('knows the platform of %s', (name, platform) => {
    expect(platformOf(name)).toEqual(platform)
  })
})
