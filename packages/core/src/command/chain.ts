/** A member of a {@link Chain}: it carries its neighbours. @internal */
export interface Link<T> {
  before: T | undefined
  after: T | undefined
}

/**
 * A list that members join at its end and leave from anywhere, without a look-up and without leaving anything to the garbage
 * collector: every command does both. One that has left holds nobody.
 *
 * @internal
 */
export class Chain<T extends Link<T>> {
  first: T | undefined
  last: T | undefined

  /** @param member - of no chain */
  add(member: T): void {
    member.before = this.last
    if (this.last) this.last.after = member
    else this.first = member
    this.last = member
  }

  /** Does nothing for one that is of no chain. */
  remove(member: T): void {
    const { before, after } = member
    if (before) before.after = after
    else if (this.first === member) this.first = after
    else return
    if (after) after.before = before
    else this.last = before
    member.before = undefined
    member.after = undefined
  }

  /**
   * From the first to the last. The one that was given last may leave meanwhile.
   *
   * @yields each of them
   */
  *[Symbol.iterator](): Generator<T> {
    for (let member = this.first; member;) {
      const { after } = member
      yield member
      member = after
    }
  }
}
