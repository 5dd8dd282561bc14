import { HindcastError } from '../../error/hindcast-error.js'

/** The members of a group do not agree on how many partitions they share. */
export class OwnershipError extends HindcastError<'HC_OWNERSHIP'> {
  override readonly name = 'OwnershipError'
  constructor(group: string, partitions: number, asked: number) {
    super(
      'HC_OWNERSHIP',
      `group "${group}" shares ${partitions} partitions, and a member wants to join with ${asked}; a log's partitions never change, so these are two logs. Name the group after the log`,
      { group, partitions, asked },
    )
  }
}
