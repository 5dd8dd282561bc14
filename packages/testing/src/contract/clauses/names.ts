import assert from 'node:assert/strict'
import { clause, type Clause } from '../clause.js'
import { idsOf, readStream, wholeLog } from '../reading.js'
import { allRefusedCleanly } from '../refusal.js'
import { append, newEvent, tryAppend, write } from '../writing.js'

const ODD_KEYS: readonly string[] = [
  'a',
  'ab',
  'a-b',
  'a-',
  '-',
  '--a',
  'A',
  ' ',
  ' a',
  'a ',
  'a b',
  'a/b',
  '/',
  '../../etc/passwd',
  '\\',
  'a:b',
  'a.b',
  '.',
  '*',
  '%00',
  "'; drop table events; --",
  '"quoted"',
  '{"json":true}',
  '0',
  '00',
  '-1',
  '1e3',
  '__proto__',
  'constructor',
  'toString',
  'undefined',
  'null',
  'é',
  'e\u0301',
  'ß',
  'ＡＢＣ',
  'Москва',
  '日本語',
  'العربية',
  '\u00a0',
  '\u2028',
  '\u200b',
  '\ufeff',
  '\uffff',
  '🚀',
  '👩‍👩‍👧‍👦',
  'x'.repeat(200),
  'é'.repeat(200),
  '日'.repeat(200),
  '🚀'.repeat(100),
  `${'x'.repeat(199)}y`,
]

const BAD_STREAMS: readonly string[] = [
  '',
  '-',
  'account',
  'account-',
  '-acc-1',
  'Account-acc-1',
  '1account-acc-1',
  '_account-acc-1',
  `${'a'.repeat(101)}-acc-1`,
  'acc ount-acc-1',
  'äccount-acc-1',
  ' account-acc-1',
  'account-a\u0000',
  'account-a\nb',
  'account-a\u007f',
  'account-a\u0085',
  'account-\ud800',
  'account-a\udc00b',
  `account-${'x'.repeat(201)}`,
  `account-${'🚀'.repeat(101)}`,
]

/** Which names streams may have. */
export const names: readonly Clause[] = [
  clause('streams with odd keys are kept apart, read back and survive reopening', async trial => {
    const store = await trial.open()
    const written = new Map<string, string[]>()
    for (const key of ODD_KEYS) {
      const events = [newEvent(), newEvent()]
      await append(store, write(`account-${key}`, 'none', events))
      written.set(`account-${key}`, idsOf(events))
    }
    const reopened = await trial.reopen(store)
    for (const [stream, ids] of written) {
      const events = await readStream(reopened, stream)
      assert.deepEqual(idsOf(events), ids, `stream ${JSON.stringify(stream)}`)
      assert.deepEqual([...new Set(events.map(event => event.stream))], [stream])
      const backwards = await readStream(reopened, stream, { direction: 'backwards' })
      assert.deepEqual(idsOf(backwards), [...ids].toReversed(), `stream ${JSON.stringify(stream)} backwards`)
    }
    const log = await wholeLog(reopened)
    assert.equal(log.length, 2 * ODD_KEYS.length)
    assert.deepEqual(new Set(log.map(event => event.stream)), new Set(written.keys()))
  }),

  clause('streams whose names begin alike do not mix', async trial => {
    const store = await trial.open()
    const streams = [
      'account-1',
      'account-10',
      'account-1-',
      'account-1-0',
      'account-11',
      'accounts-1',
      `${'a'.repeat(100)}-1`,
      'a-1',
    ]
    for (const [n, stream] of streams.entries()) await append(store, write(stream, 'none', n + 1))
    for (const [n, stream] of streams.entries()) {
      assert.equal((await readStream(store, stream)).length, n + 1)
      assert.equal((await readStream(store, stream, { direction: 'backwards' })).length, n + 1)
    }
  }),

  clause('command ids and event ids may hold any characters', async trial => {
    const store = await trial.open()
    for (const text of ODD_KEYS) {
      const { position } = await append(store, write('account-acc-1', 'any', [newEvent({ id: text })]), {
        commandId: text,
        command: text,
      })
      const partition = Number(/\/(\d+):/.exec(position)![1])
      const found = await store.findCommand(partition, text)
      assert.deepEqual([found?.commandId, found?.command, found?.position], [text, text, position])
    }
    const events = await readStream(store, 'account-acc-1')
    assert.deepEqual(idsOf(events), ODD_KEYS)
    assert.deepEqual(
      events.map(event => event.commandId),
      ODD_KEYS,
    )
  }),

  clause('what is no stream id is refused by an append', async trial => {
    const store = await trial.open()
    await allRefusedCleanly(
      store,
      'HC_STREAM_ID',
      BAD_STREAMS.map(stream => () => tryAppend(store, write(stream, 'any'))),
    )
  }),

  clause('what is no stream id is refused by a read', async trial => {
    const store = await trial.open()
    await allRefusedCleanly(
      store,
      'HC_STREAM_ID',
      BAD_STREAMS.map(stream => () => readStream(store, stream)),
    )
  }),
]
