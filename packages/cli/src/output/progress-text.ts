import type { BuildProgress } from '@hindcast/core'
import picocolors from 'picocolors'
import { said } from './said.js'

const WIDTH = 24

/** How far a build is, as one line with a bar. */
export function progressBar(progress: BuildProgress): string {
  return `${bar(share(progress))} ${progressText(progress)}`
}

/** A bar that is full by a share of 0 to 1. */
export function bar(done: number): string {
  const full = Math.round(done * WIDTH)
  return picocolors.cyan(`${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`)
}

/** How far a build is, in words. */
export function progressText(progress: BuildProgress): string {
  const { projection, version, phase, events, totalEvents, eventsPerSecond, etaMs, error } = progress
  const parts = [
    `${projection} v${version} ${phase}`,
    `${Math.floor(share(progress) * 100)}%`,
    `${number(events)} of ${number(totalEvents)}`,
    `${number(eventsPerSecond)}/s`,
    ...(etaMs === undefined ? [] : [`${duration(etaMs)} left`]),
    ...(error === undefined ? [] : [`tries again: ${said(error).code} ${said(error).message}`]),
  ]
  return parts.join('  ')
}

/** A duration as people say it: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`
}

/** A whole number with commas. */
export function number(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** A size in bytes as people say it. */
export function bytes(size: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const
  let value = size
  let unit = 0
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]!}`
}

function share({ events, totalEvents }: BuildProgress): number {
  return totalEvents === 0 ? 1 : Math.min(1, events / totalEvents)
}
