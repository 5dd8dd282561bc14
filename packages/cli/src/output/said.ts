/** Code and message of what was thrown, here or in another process. */
export function said(error: unknown): { readonly code: string; readonly message: string } {
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly code?: unknown
    readonly message?: unknown
  }
  return {
    code: typeof code === 'string' ? code : 'error',
    message: typeof message === 'string' ? message : String(error),
  }
}
