/** Fetch, "CORS-preflight fetch". */
import { corsCheck } from './cors-check.js'
import type { Deviations } from './deviations.js'
import { get, type HeaderList, sameName } from './header-list.js'
import { extractMaxAge, extractTokens } from './header-values.js'
import { type Agent, httpNetworkOrCacheFetch, isNetworkError, type NetworkError, networkError } from './network.js'
import { refusal } from './preflight-answer.js'
import { currentUrl, isSameOrigin, type Request } from './request.js'
import type { Steps } from './wire.js'

/** Undefined is success: nobody looks at the response. `unsafeNames` are the request's CORS-unsafe request-header names. */
export function* corsPreflightFetch(
  { cache, clock, deviations }: Agent,
  request: Request,
  unsafeNames: readonly string[],
): Steps<NetworkError | undefined> {
  const asked = deviations.preflightsUntainted ? untainted(request) : request
  const preflight: Request = {
    ...asked,
    method: 'OPTIONS',
    headerList: preflightHeaders(request.method, unsafeNames),
    body: null,
    // not said, so the default: a preflight is sent without credentials whatever the request's own mode
    credentialsMode: 'same-origin',
    responseTainting: 'cors',
  }
  const response = yield* httpNetworkOrCacheFetch(preflight)
  if (isNetworkError(response)) return response

  // not with `preflight`: the credentials mode of the request counts
  const isHome = asked !== request && isSameOrigin(asked.origin, currentUrl(asked))
  const failure = isHome ? undefined : corsCheck(asked, response.headers)
  if (failure) return networkError(`preflight-${failure}`)
  if (response.status < 200 || response.status > 299) return networkError('preflight-status-not-ok')

  const extracted = extractTokens('Access-Control-Allow-Methods', response.headers)
  const headerNames = extractTokens('Access-Control-Allow-Headers', response.headers)
  if (extracted === 'failure') return networkError('preflight-allow-methods-malformed')
  if (headerNames === 'failure') return networkError('preflight-allow-headers-malformed')
  const filled = extracted === null && request.useCorsPreflight && !deviations.absentMethodsStayAbsent
  const methods = filled ? [request.method] : extracted

  const answer = { methods, headerNames, maxAge: maxAgeOf(response.headers, deviations) }
  const refused = refusal(request, unsafeNames, answer, request.credentialsMode === 'include', deviations)
  if (refused) return networkError(refused)
  cache.store(request, answer, clock())
  return undefined
}

/** As if there had been no redirect: back at the page's own server, nothing is left to check. */
function untainted(request: Request): Request {
  return { ...request, urlList: [currentUrl(request)] }
}

function preflightHeaders(method: string, unsafeNames: readonly string[]): HeaderList {
  const headers: HeaderList = [
    ['Accept', '*/*'],
    ['Access-Control-Request-Method', method],
  ]
  // no space after the comma: this "intentionally does not use combine"
  return unsafeNames.length === 0 ? headers : [...headers, ['Access-Control-Request-Headers', unsafeNames.join(',')]]
}

function maxAgeOf(headers: HeaderList, deviations: Deviations): number {
  if (deviations.negativeMaxAgeIsZero && hasNegativeMaxAge(headers)) return 0
  const maxAge = extractMaxAge(headers)
  if (deviations.malformedMaxAgeIsZero && maxAge === 'failure' && get(headers, 'Access-Control-Max-Age') !== '')
    return 0
  return Math.min(maxAge === 'failure' || maxAge === null ? 5 : maxAge, deviations.maxAgeLimit)
}

function hasNegativeMaxAge(headers: HeaderList): boolean {
  return headers.some(([name, value]) => sameName(name, 'Access-Control-Max-Age') && /^-[0-9]+$/.test(value))
}
