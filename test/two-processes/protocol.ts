import type { AppendOptions, ReadLogOptions, ReadStreamOptions, StreamWrite } from '@hindcast/core'

/** What the parent asks of the process that holds stores; each question has a number and gets one answer. */
export type Question =
  | { readonly ask: 'open'; readonly folder: string }
  | {
      readonly ask: 'append'
      readonly store: number
      readonly writes: readonly StreamWrite[]
      readonly options: AppendOptions
    }
  | {
      readonly ask: 'findCommand'
      readonly store: number
      readonly partition: number
      readonly commandId: string
    }
  | { readonly ask: 'end'; readonly store: number; readonly partition: number; readonly fresh: boolean }
  | {
      readonly ask: 'readStream'
      readonly store: number
      readonly stream: string
      readonly options: ReadStreamOptions
    }
  | {
      readonly ask: 'readLog'
      readonly store: number
      readonly partition: number
      readonly options: Omit<ReadLogOptions, 'signal'>
    }
  | { readonly ask: 'next'; readonly reader: number }
  | { readonly ask: 'abort' | 'return'; readonly reader: number }
  | { readonly ask: 'close'; readonly store: number }

/** An error on its way between processes. */
export interface SentError {
  readonly code: string
  readonly message: string
  readonly context: Readonly<Record<string, string | number>>
}

/** The answer to a question: a value, or the error that was thrown. */
export type Answer = { readonly number: number } & (
  { readonly value: unknown } | { readonly error: SentError }
)

/** A question with its number. */
export interface Numbered {
  readonly number: number
  readonly question: Question
}
