/** What the answer to a preflight says, and whether it allows a request: "CORS-preflight fetch", steps 7.5 to 7.7. */
import type { Deviations } from './deviations.js'
import { contains, sameName } from './header-list.js'
import { isSafelistedMethod } from './method.js'
import type { Request } from './request.js'
import type { PreflightFailure } from './why.js'

export interface PreflightAnswer {
  /** Access-Control-Allow-Methods; null where there is none. */
  readonly methods: readonly string[] | null
  /** Access-Control-Allow-Headers. */
  readonly headerNames: readonly string[] | null
  /** Seconds. */
  readonly maxAge: number
}

/** Undefined: it allows the request. With credentials `*` is a method or a header of that name. */
export function refusal(
  request: Request,
  unsafeNames: readonly string[],
  { methods, headerNames }: PreflightAnswer,
  withCredentials: boolean,
  deviations: Deviations,
): PreflightFailure | undefined {
  const method = deviations.uppercasesMethodToMatch ? request.method.toUpperCase() : request.method
  if (
    !methods?.includes(method) &&
    !isSafelistedMethod(request.method) &&
    (withCredentials || !methods?.includes('*'))
  ) {
    return 'preflight-method-not-listed'
  }
  // "CORS non-wildcard request-header name"
  if (
    contains(request.headerList, 'Authorization') &&
    !lists(headerNames, 'Authorization') &&
    !deviations.authorizationCoveredByWildcard
  ) {
    return 'preflight-authorization-not-listed'
  }
  for (const unsafeName of unsafeNames) {
    if (!lists(headerNames, unsafeName) && (withCredentials || !headerNames?.includes('*'))) {
      return 'preflight-header-not-listed'
    }
  }
  return undefined
}

function lists(headerNames: readonly string[] | null, name: string): boolean {
  return headerNames?.some((item) => sameName(item, name)) ?? false
}
