/** A file system and where it is mounted. */
export interface Mount {
  /** Where. */
  readonly point: string
  /** Its kind, as the system calls it: `ext4`. */
  readonly type: string
}

/**
 * The file system that a path is on.
 *
 * @param mountinfo - the text of /proc/self/mountinfo
 * @see https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html
 */
export function mountOf(mountinfo: string, path: string): Mount | undefined {
  let found: Mount | undefined
  for (const line of mountinfo.split('\n')) {
    const [before, after] = line.split(' - ')
    const escaped = before?.split(' ')[4]
    const type = after?.split(' ')[0]
    if (escaped === undefined || type === undefined) continue
    const point = escaped.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    )
    const isInside = path === point || path.startsWith(point === '/' ? '/' : `${point}/`)
    // Of two on one point the later one hides the earlier one.
    if (isInside && point.length >= (found?.point.length ?? 0)) found = { point, type }
  }
  return found
}

/**
 * What a kind of file system means for files that processes of one machine share and that must survive a power cut: `'local'`,
 * `'network'`, `'memory'` (gone at a restart of the machine), `'container'` (gone with the container); undefined: not known.
 */
export function fileSystemKind(type: string): 'local' | 'network' | 'memory' | 'container' | undefined {
  if (LOCAL.has(type)) return 'local'
  if (NETWORK.test(type)) return 'network'
  if (type === 'tmpfs' || type === 'ramfs') return 'memory'
  return type === 'overlay' || type === 'aufs' ? 'container' : undefined
}

const LOCAL: ReadonlySet<string> = new Set(
  'ext2 ext3 ext4 xfs btrfs zfs f2fs bcachefs jfs reiserfs'.split(' '),
)
const NETWORK =
  /^(nfs4?|cifs|smb3|smbfs|9p|virtiofs|ceph|lustre|gpfs|beegfs|ocfs2|gfs2|afs|ncpfs|fuse\.(sshfs|glusterfs|s3fs|gcsfuse|ceph|smbnetfs|rclone|davfs2?))$/
