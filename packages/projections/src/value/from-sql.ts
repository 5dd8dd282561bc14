import type { Answer } from '../driver/database.js'
import { arrayItems } from './array-text.js'

type Parse = (text: string) => unknown

/** The types that become something else than text, by the object id that every PostgreSQL gives them. */
const PARSERS: ReadonlyMap<number, Parse> = new Map<number, Parse>([
  [16, text => text === 't'],
  [20, BigInt],
  [21, Number],
  [23, Number],
  [26, Number],
  [700, Number],
  [701, Number],
  [1184, timeFromSql],
  [114, text => JSON.parse(text) as unknown],
  [3802, text => JSON.parse(text) as unknown],
  [17, text => Buffer.from(text.slice(2), 'hex')],
])

/** Array types, by object id: the type of their items. */
const ARRAYS: ReadonlyMap<number, number> = new Map([
  [1000, 16],
  [1016, 20],
  [1005, 21],
  [1007, 23],
  [1028, 26],
  [1021, 700],
  [1022, 701],
  [1185, 1184],
  [199, 114],
  [3807, 3802],
  [1001, 17],
  // these stay text
  [1009, 25],
  [1015, 1043],
  [1014, 1042],
  [1231, 1700],
  [2951, 2950],
  [1115, 1114],
  [1182, 1082],
])

const asText: Parse = text => text

function parserOf(type: number): Parse {
  const parser = PARSERS.get(type)
  if (parser) return parser
  const item = ARRAYS.get(type)
  return item === undefined ? asText : arrayParser(PARSERS.get(item) ?? asText)
}

function arrayParser(parse: Parse): Parse {
  const parseItem = (item: unknown): unknown =>
    item === null ? null : typeof item === 'string' ? parse(item) : (item as unknown[]).map(parseItem)
  return text => arrayItems(text).map(parseItem)
}

/** The rows of an answer as objects: bigint for int8, Date for timestamptz, parsed JSON; what has no equal stays text. */
export function rowsOf(answer: Answer): Record<string, unknown>[] {
  const columns = answer.columns.map(({ name, type }) => ({ name, parse: parserOf(type) }))
  return answer.rows.map(values => {
    const row: Record<string, unknown> = {}
    for (let i = 0; i < columns.length; i++) {
      const { name, parse } = columns[i]!
      const value = values[i]
      row[name] = value === null || value === undefined ? null : parse(value)
    }
    return row
  })
}

const TIME =
  /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?$/

/** A moment to the millisecond; text where no Date can say it (BC, infinity). */
export function timeFromSql(text: string): Date | string {
  const parts = TIME.exec(text)
  if (!parts) return text
  const [, year, month, day, hour, minute, second, fraction = '', sign, hours, minutes = 0, seconds = 0] =
    parts
  const time = new Date(0)
  time.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  time.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction.padEnd(3, '0').slice(0, 3)))
  const offset = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
  return new Date(time.getTime() - (sign === '-' ? -offset : offset))
}
