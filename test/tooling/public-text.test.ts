import { describe, expect, it } from 'vitest'
import { privateText } from '../../scripts/public-text/private-text.mjs'

// Put together from parts, so that this file passes the check it tests.
const path = (...parts: string[]) => `/${parts.join('/')}`
const registry = ['https:/', 'registry.example.org', 'lmdb', '-', 'lmdb-3.5.6.tgz'].join('/')

describe('the check of public text', () => {
  it.each([
    path('home', 'ada', 'hindcast'),
    path('root', '.cache'),
    path('work', 'main', 'x.ts'),
    path('Users', 'ada', 'x'),
    ['C:', 'Users', 'ada'].join('\\'),
    registry,
  ])('finds %s, with its line', secret => {
    const found = privateText(`first line\nsee "${secret}" for more`)
    expect(found.map(({ line }) => line)).toContain(2)
    expect(secret.startsWith(found[0]!.found)).toBe(true)
  })

  it.each([
    'packages/core/src/app/home/index.ts',
    'https://example.org/home/docs',
    './root/file',
    'the work/life balance, /tmp/x and /rooted',
    'https://example.org/hindcast',
  ])('leaves %s alone', text => {
    expect(privateText(text)).toEqual([])
  })
})
