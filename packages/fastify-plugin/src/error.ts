/** What keeps a server from starting. A sentence is lower case; what the user wrote stands in backticks, escaped. */

/** Permanent. */
export type SafeconductErrorCode =
  /** An option is missing, unknown or of the wrong kind. */
  | 'SAFECONDUCT_OPTION'
  /** The policy cannot be read or does not compile; `cause` is the PolicyError, or the error of the file system. */
  | 'SAFECONDUCT_POLICY'
  /** Registered a second time. */
  | 'SAFECONDUCT_TWICE'
  /** Registered beside @fastify/cors. */
  | 'SAFECONDUCT_BESIDE_CORS'
  /** Registered in a scope of its own, where preflights do not come by. */
  | 'SAFECONDUCT_SCOPE'
  /** The routes and the policy do not agree. */
  | 'SAFECONDUCT_ROUTES'
  /** Asked before `app.ready()`. */
  | 'SAFECONDUCT_NOT_READY'

export class SafeconductError extends Error {
  override readonly name = 'SafeconductError'
  readonly code: SafeconductErrorCode

  constructor(code: SafeconductErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
  }
}
