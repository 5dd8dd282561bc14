import { once } from 'node:events'
import { connect } from 'node:net'
import type { Finding } from '@hindcast/core'

const TIMEOUT_MS = 3_000

/** Whether somebody answers at the address of a broker. */
export async function inspectBroker(address: string, timeoutMs: number = TIMEOUT_MS): Promise<Finding> {
  const subject = `broker ${address}`
  const colon = address.lastIndexOf(':')
  const startedAt = performance.now()
  const socket = connect(Number(address.slice(colon + 1)), address.slice(0, colon).replaceAll(/[[\]]/g, ''))
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(timeoutMs) })
    return { subject, value: `answers in ${Math.ceil(performance.now() - startedAt)} ms`, verdict: 'right' }
  } catch (error) {
    const silent = (error as Error).name === 'AbortError'
    return {
      subject,
      value: silent
        ? `does not answer within ${timeoutMs} ms`
        : `cannot be reached: ${(error as Error).message}`,
      verdict: 'wrong',
      fix: 'check the address, that the broker runs, and that nothing in between keeps connections out. With no broker nothing is appended',
    }
  } finally {
    socket.destroy()
  }
}
