import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

/** The machine that the figures belong to. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const gib = Math.round(totalmem() / 2 ** 30)
  return `${availableParallelism()} x ${model}, ${gib} GiB, ${process.platform}, Node ${process.versions.node}`
}

/** A machine that does something else, for as much as this share of its processors, is no place for a bench. */
const BUSY_SHARE = 0.25

/** What to say about other work on this machine before a measurement; nothing when there is hardly any. */
export function busyWarning(): string | undefined {
  const [load = 0] = loadavg()
  return load > availableParallelism() * BUSY_SHARE
    ? `this machine was busy before the start (load ${load.toFixed(1)}): every figure may be worse than it could be`
    : undefined
}
