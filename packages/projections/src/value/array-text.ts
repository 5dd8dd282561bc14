import type { SqlText } from '../driver/database.js'

/** A SQL array as text: `{"a","b",NULL}`. What is given as an array becomes a dimension. */
export function arrayText(items: readonly (SqlText | readonly unknown[])[]): string {
  let text = '{'
  for (let i = 0; i < items.length; i++) {
    const item = items[i]
    if (i > 0) text += ','
    if (item === null || item === undefined) text += 'NULL'
    else if (typeof item === 'string') text += quoted(item)
    else text += arrayText(item as readonly SqlText[])
  }
  return text + '}'
}

const SPECIAL = /["\\]/

function quoted(text: string): string {
  return SPECIAL.test(text) ? `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"` : `"${text}"`
}

/** The items of a SQL array as text; arrays for further dimensions. */
export function arrayItems(text: string, delimiter = ','): unknown[] {
  // [0:2]={1,2,3}: the bounds of an array that does not begin at 1
  const reader = { text, at: Math.max(text.indexOf('{'), 0) }
  return readArray(reader, delimiter)
}

interface Reader {
  readonly text: string
  at: number
}

function readArray(reader: Reader, delimiter: string): unknown[] {
  const items: unknown[] = []
  reader.at++
  while (reader.at < reader.text.length) {
    const char = reader.text[reader.at]
    if (char === '}') {
      reader.at++
      return items
    }
    if (char === delimiter) reader.at++
    else if (char === '{') items.push(readArray(reader, delimiter))
    else if (char === '"') items.push(readQuoted(reader))
    else items.push(readBare(reader, delimiter))
  }
  return items
}

function readQuoted(reader: Reader): string {
  let item = ''
  for (reader.at++; reader.text[reader.at] !== '"'; reader.at++) {
    if (reader.text[reader.at] === '\\') reader.at++
    item += reader.text[reader.at]
  }
  reader.at++
  return item
}

function readBare(reader: Reader, delimiter: string): SqlText {
  const begin = reader.at
  while (reader.text[reader.at] !== delimiter && reader.text[reader.at] !== '}') reader.at++
  const item = reader.text.slice(begin, reader.at)
  return item === 'NULL' ? null : item
}
