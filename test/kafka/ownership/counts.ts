import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Answer, Claimed, Question, WorkerOrder } from './protocol.js'

const PROGRAM = fileURLToPath(new URL('../../dist/kafka/ownership/worker-process.js', import.meta.url))

/** A read model that counts how often each event was folded, behind a fence of position and epoch; workers are processes. */
export class Counts {
  /** How often each event was folded. */
  readonly times = new Map<string, number>()
  /** Commits that the fence kept out. */
  fenced = 0
  /** Partitions that were given to a worker while another one, neither killed nor frozen, was still at work on them. */
  readonly overlaps: string[] = []
  private readonly checkpoints = new Map<number, { next: string; epoch: number }>()
  private readonly owners = new Map<number, Set<Worker>>()

  /** Starts a process with workers. */
  start(order: WorkerOrder): Worker {
    const worker = new Worker(fork(PROGRAM, [JSON.stringify(order)], { execArgv: [] }))
    worker.child.on('message', (question: Question) => {
      // A process that was killed gets no answer.
      if (!worker.child.connected) return
      const answer: Answer = { number: question.number, value: this.answer(worker, question) }
      worker.child.send(answer, () => undefined)
    })
    return worker
  }

  private answer(worker: Worker, question: Question): Claimed | boolean {
    const { partition } = question
    const checkpoint = this.checkpoints.get(partition) ?? { next: '0', epoch: 0 }
    this.checkpoints.set(partition, checkpoint)
    switch (question.ask) {
      case 'assigned':
        this.assigned(worker, partition)
        return true
      case 'revoked':
        this.ownersOf(partition).delete(worker)
        return worker.partitions.delete(partition)
      case 'claim':
        checkpoint.epoch++
        return { ...checkpoint }
      case 'commit':
        if (question.from !== checkpoint.next || question.epoch !== checkpoint.epoch) {
          this.fenced++
          return false
        }
        for (const id of question.ids) this.times.set(id, (this.times.get(id) ?? 0) + 1)
        checkpoint.next = question.next
        return true
    }
  }

  private assigned(worker: Worker, partition: number): void {
    for (const other of this.ownersOf(partition))
      if (!other.wasDisturbed) this.overlaps.push(`partition ${partition}`)
    this.ownersOf(partition).add(worker)
    worker.partitions.add(partition)
  }

  private ownersOf(partition: number): Set<Worker> {
    const owners = this.owners.get(partition) ?? new Set()
    this.owners.set(partition, owners)
    return owners
  }
}

/** A process with workers, as its parent sees it. */
export class Worker {
  /** What it works on. */
  readonly partitions = new Set<number>()
  /** True once it was killed or frozen: others may then work on its partitions. */
  wasDisturbed = false

  constructor(readonly child: ChildProcess) {}

  /** Sends a signal; what ends it is waited for. */
  async signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): Promise<void> {
    if (signal !== 'SIGTERM') this.wasDisturbed = true
    const ends = signal === 'SIGKILL' || signal === 'SIGTERM'
    if (ends && (this.child.exitCode !== null || this.child.signalCode !== null)) return
    const gone = ends ? once(this.child, 'exit') : undefined
    this.child.kill(signal)
    await gone
  }
}
