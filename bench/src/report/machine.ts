import { availableParallelism, cpus, totalmem } from 'node:os'

/** The machine that the figures belong to. */
export function machine(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor'
  const gib = Math.round(totalmem() / 2 ** 30)
  return `${availableParallelism()} x ${model}, ${gib} GiB, ${process.platform}, Node ${process.versions.node}`
}
