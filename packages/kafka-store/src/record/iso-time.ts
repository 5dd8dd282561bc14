let lastTime = NaN
let lastText = ''

/** A time as RFC 3339 text. Many events of one moment follow each other, so the last answer is kept. */
export function isoTime(time: number): string {
  if (time !== lastTime) {
    lastText = new Date(time).toISOString()
    lastTime = time
  }
  return lastText
}

let parsedText = ''
let parsedTime = NaN

/** The milliseconds since 1970 of an RFC 3339 text. */
export function timeOf(text: string): number {
  if (text !== parsedText) {
    parsedTime = Date.parse(text)
    parsedText = text
  }
  return parsedTime
}
