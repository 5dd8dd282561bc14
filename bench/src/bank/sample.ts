/** What a deposit says; as JSON about 200 bytes. */
export interface DepositData {
  readonly cents: number
  readonly currency: string
  readonly reference: string
  readonly memo: string
}

const MEMO =
  'Standing order of the first of the month: rent of the flat in the back house, second floor on the left, heating included'

/** The n-th deposit: 1 to 100 cents, so that a lost, doubled or foreign one shows in a balance. */
export function depositData(n: number): DepositData {
  return {
    cents: 1 + (n % 100),
    currency: 'EUR',
    reference: `RF-${String(n).padStart(12, '0')}-BENCH`,
    memo: MEMO,
  }
}

/** The key of the n-th account. */
export function accountKey(n: number): string {
  return `acc-${String(n).padStart(8, '0')}`
}
