import type { OwnershipMember } from '@hindcast/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { postgresSuite } from '../../../../test/servers/suites.js'
import { advisoryOwnership } from '../../src/ownership/advisory-ownership.js'
import { makePostgres, until, type PostgresTestDatabase } from './setup/databases.js'

const PARTITIONS = 8

/** A member that says what it owns, and what it once owned together with another one. */
class Member implements OwnershipMember {
  readonly owned = new Set<number>()
  revocations = 0
  held: Promise<void> = Promise.resolve()
  readonly #everybody: Set<Member>

  constructor(everybody: Set<Member>) {
    this.#everybody = everybody
    everybody.add(this)
  }

  assigned(partition: number): void {
    for (const other of this.#everybody)
      if (other.owned.has(partition)) throw new Error(`two members own partition ${partition}`)
    this.owned.add(partition)
  }

  async revoked(partition: number): Promise<void> {
    this.revocations++
    await this.held
    this.owned.delete(partition)
  }
}

postgresSuite('partitions shared by advisory locks', () => {
  let database: PostgresTestDatabase
  let members: Set<Member>
  let joined: AsyncDisposable[]

  beforeEach(async () => {
    database = await makePostgres()
    members = new Set()
    joined = []
  })
  afterEach(async () => {
    for (const membership of joined) await membership[Symbol.asyncDispose]()
    await database[Symbol.asyncDispose]()
  })

  /** Joins as a process of its own would: on connections of its own. */
  async function join(group = 'group', member = new Member(members)): Promise<Member> {
    const ownership = advisoryOwnership(await database.open(), 15_000)
    joined.push(await ownership.join(group, PARTITIONS, member))
    return member
  }

  const sizes = (...of: readonly Member[]): readonly number[] => of.map(({ owned }) => owned.size)

  it('go to the only member when it has joined', async () => {
    const only = await join()
    expect(only.owned).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]))
  })

  it('are shared evenly as members come and go, and never owned by two', async () => {
    const [a, b, c] = [await join(), await join(), await join()]
    await until(
      () =>
        sizes(a, b, c)
          .toSorted((x, y) => x - y)
          .join() === '2,3,3',
    )
    await joined.shift()![Symbol.asyncDispose]()
    expect(a.owned.size).toBe(0)
    await until(() => sizes(b, c).join() === '4,4')
    await joined.shift()![Symbol.asyncDispose]()
    await until(() => c.owned.size === PARTITIONS)
  })

  it('stay where they are when more members come than there are partitions', async () => {
    const many: Member[] = []
    for (let i = 0; i < 10; i++) many.push(await join())
    await until(() => sizes(...many).filter(size => size === 1).length === PARTITIONS)
    expect(sizes(...many).filter(size => size === 0)).toHaveLength(2)
  })

  it('are given on only when the owner has let go', async () => {
    const slow = await join()
    let letGo = (): void => undefined
    slow.held = new Promise(resolve => (letGo = resolve))
    const next = await join()
    expect(sizes(slow, next)).toEqual([8, 0])
    letGo()
    await until(() => sizes(slow, next).join() === '4,4')
  })

  it('of a member whose session ends are taken over at once, and it comes back', async () => {
    const [a, b] = [await join(), await join()]
    await until(() => sizes(a, b).join() === '4,4')
    expect(await database.terminate('true')).toBe(2)
    await until(() => a.revocations >= 4 && b.revocations >= 4 && sizes(a, b).join() === '4,4')
    const c = await join()
    await until(
      () =>
        sizes(a, b, c)
          .toSorted((x, y) => x - y)
          .join() === '2,3,3',
    )
  })

  it('of several groups are shared on one session, and of two members of one group on two', async () => {
    const ownership = advisoryOwnership(await database.open(), 15_000)
    const [a, b, twin] = [new Member(new Set()), new Member(members), new Member(members)]
    joined.push(await ownership.join('one', PARTITIONS, a), await ownership.join('two', PARTITIONS, b))
    expect(await database.sessions()).toBe(1)
    joined.push(await ownership.join('two', PARTITIONS, twin))
    expect(await database.sessions()).toBe(2)
    await until(() => sizes(a, b, twin).join() === '8,4,4')
  })

  it('cannot be joined while the database is away: a coded error', async () => {
    const away = advisoryOwnership(database.unreachable(), 15_000)
    await expect(away.join('group', PARTITIONS, new Member(members))).rejects.toMatchObject({
      code: 'HC_READ_MODEL_UNREACHABLE',
      retryable: true,
    })
  })
})
