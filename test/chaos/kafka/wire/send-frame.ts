import { connect } from 'node:net'
import { Frames } from './frames.js'

const ANSWER_MS = 3000

/** Sends one frame on a connection of its own. @returns the answer, or undefined when there was none */
export async function sendFrame(port: number, frame: Buffer): Promise<Buffer | undefined> {
  const frames = new Frames()
  const socket = connect(port, '127.0.0.1')
  socket.setTimeout(ANSWER_MS)
  try {
    return await new Promise(resolve => {
      socket.on('data', chunk => {
        const [answer] = frames.take(chunk)
        if (answer) resolve(answer)
      })
      for (const ending of ['error', 'close', 'timeout']) socket.on(ending, () => resolve(undefined))
      socket.write(frame)
    })
  } finally {
    socket.destroy()
  }
}
