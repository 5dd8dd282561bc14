import { readFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { report } from 'node:process'
import { getHeapStatistics } from 'node:v8'
import type { Finding } from '@hindcast/core'

const MIB = 1024 * 1024
const OLDEST_NODE = [20, 19] as const

/** What this machine and this process are like; what cannot be told is undefined. */
export interface MachineFacts {
  /** The version of Node: `22.11.0`. */
  readonly node: string
  /** The processor: `x64`. */
  readonly arch: string
  /** How many files this process may open. */
  readonly openFiles: number | undefined
  /** How much memory this process may use, in bytes: that of the machine, or of its container. */
  readonly memoryBytes: number
  /** How large the heap of V8 may grow, in bytes. */
  readonly heapBytes: number
  /** Whether the system says that something keeps its clock. */
  readonly clockIsKept: boolean | undefined
}

/** Looks at the machine that this process runs on: Node, open files, memory, and who keeps the clock. */
export async function inspectMachine(): Promise<readonly Finding[]> {
  return judgeMachine({
    node: process.versions.node,
    arch: process.arch,
    openFiles: openFiles(),
    memoryBytes: memoryBytes(),
    heapBytes: getHeapStatistics().heap_size_limit,
    clockIsKept: await clockIsKept(),
  })
}

/** Compares a machine with what an app needs. */
export function judgeMachine(facts: MachineFacts): readonly Finding[] {
  const { node, arch, openFiles: files, memoryBytes: memory, heapBytes: heap, clockIsKept: clock } = facts
  return [
    judged('Node', node, isRecent(node) ? 'right' : 'wrong', 'upgrade to Node 20.19 or newer'),
    judged(
      'processor',
      arch,
      /64|s390x/.test(arch) ? 'right' : 'wrong',
      'use a 64-bit Node: LMDB maps the whole log into memory',
    ),
    files === undefined
      ? judged('open files', 'cannot be told', 'unknown', 'see that ulimit -n is 4,096 or more')
      : judged(
          'open files',
          files === Infinity ? 'no limit' : String(files),
          files >= 4_096 ? 'right' : files >= 1_024 ? 'doubtful' : 'wrong',
          'raise the limit (ulimit -n 65536, LimitNOFILE=): files, sockets and connections count, and what cannot be opened fails',
        ),
    judged(
      'memory',
      `${Math.floor(memory / MIB)} MiB`,
      memory >= 512 * MIB ? 'right' : memory >= 256 * MIB ? 'doubtful' : 'wrong',
      'give the machine or container 512 MiB or more: with less the process is killed in the middle of large batches',
    ),
    judged(
      'heap of this process',
      `${Math.floor(heap / MIB)} MiB`,
      heap >= memory ? 'doubtful' : 'right',
      'set --max-old-space-size below the memory of the container: otherwise it is killed before it collects garbage',
    ),
    clock === undefined
      ? judged(
          'clock',
          'who keeps it cannot be told',
          'unknown',
          'see that chronyd, ntpd or systemd-timesyncd runs (timedatectl)',
        )
      : judged(
          'clock',
          clock ? 'is kept' : 'nothing keeps it',
          clock ? 'right' : 'doubtful',
          'start chronyd, ntpd or systemd-timesyncd: events get their time from it',
        ),
  ]
}

function judged(subject: string, value: string, verdict: Finding['verdict'], fix: string): Finding {
  return { subject, value, verdict, ...(verdict !== 'right' && { fix }) }
}

function isRecent(node: string): boolean {
  const [major = 0, minor = 0] = node.split('.').map(Number)
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])
}

function openFiles(): number | undefined {
  const { userLimits } = report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft?: number | string } }
  }
  const soft = userLimits?.open_files?.soft
  if (soft === 'unlimited') return Infinity
  return soft === undefined ? undefined : Number(soft)
}

/** A container's limit counts where there is one; systems without any tell 0 or an absurd number. */
function memoryBytes(): number {
  const limit = process.constrainedMemory()
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem()
}

/** Only systemd's own service leaves a mark that any user can see. */
async function clockIsKept(): Promise<boolean | undefined> {
  return readFile('/run/systemd/timesync/synchronized').then(
    () => true,
    () => undefined,
  )
}
