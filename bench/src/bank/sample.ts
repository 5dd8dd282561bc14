/** What a deposit says; as JSON about 200 bytes. */
export interface DepositData {
  readonly cents: number
  readonly currency: string
  readonly reference: string
  readonly memo: string
}

const MEMO =
  'Standing order of the first of the month: rent of the flat in the back house, second floor on the left, heating included'

/** So many texts are made before anything is measured; they are those of a user, who has them from a request. */
const MADE_BEFORE = 10_000

const deposits = Array.from({ length: MADE_BEFORE }, (_, n) => makeDeposit(n))
const keys = Array.from({ length: MADE_BEFORE }, (_, n) => makeKey(n))

/**
 * The n-th deposit: 1 to 100 cents, so that a lost, doubled or foreign one shows in a balance. They repeat after 10,000.
 */
export function depositData(n: number): DepositData {
  return deposits[n % MADE_BEFORE]!
}

/** The key of the n-th account. */
export function accountKey(n: number): string {
  return keys[n] ?? makeKey(n)
}

function makeDeposit(n: number): DepositData {
  return Object.freeze({
    cents: 1 + (n % 100),
    currency: 'EUR',
    reference: `RF-${String(n).padStart(12, '0')}-BENCH`,
    memo: MEMO,
  })
}

function makeKey(n: number): string {
  return `acc-${String(n).padStart(8, '0')}`
}
