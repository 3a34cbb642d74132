/** Fetch: "main fetch", "HTTP fetch" and "HTTP-redirect fetch", for mode "cors", with no service worker. */
import { corsCheck } from './cors-check.js'
import type { Deviations } from './deviations.js'
import { valuesOf, without } from './header-list.js'
import { isSafelistedMethod } from './method.js'
import { type Agent, httpNetworkOrCacheFetch, isNetworkError, type NetworkError, networkError } from './network.js'
import { corsPreflightFetch } from './preflight.js'
import { currentUrl, includesCredentials, isSameOrigin, type Request } from './request.js'
import { unsafeRequestHeaderNames } from './safelist.js'
import { isHttp, originOf, parseUrl, type Url } from './url.js'
import type { Steps, WireResponse } from './wire.js'

/**
 * "main fetch" as far as its recursive part goes; the filtered response is made of what it returns. Mixed content,
 * Content Security Policy, HSTS and `data:` URLs have no part in CORS and are left out.
 */
export function* mainFetch(agent: Agent, request: Request): Steps<WireResponse | NetworkError> {
  const url = currentUrl(request)
  if (isSameOrigin(request.origin, url) && request.responseTainting === 'basic') {
    return yield* httpFetch(agent, request)
  }
  if (!isHttp(url)) return networkError('scheme-not-http')
  const unsafeNames = unsafeRequestHeaderNames(request.headerList, agent.deviations)
  request.responseTainting = 'cors'
  const needsPreflight = request.useCorsPreflight || !isSafelistedMethod(request.method) || unsafeNames.length > 0
  if (needsPreflight || request.neededPreflight) {
    request.neededPreflight = agent.deviations.staysPreflighted
    const corsWithPreflightResponse = yield* httpFetch(agent, request, unsafeNames)
    if (isNetworkError(corsWithPreflightResponse)) agent.cache.clear(request)
    return corsWithPreflightResponse
  }
  const response = yield* httpFetch(agent, request)
  if (isNetworkError(response)) agent.cache.clearSimple?.(request)
  return response
}

/** "HTTP fetch"; makeCORSPreflight is that the CORS-unsafe request-header names are given. */
function* httpFetch(
  agent: Agent,
  request: Request,
  unsafeNames?: readonly string[],
): Steps<WireResponse | NetworkError> {
  if (unsafeNames && !agent.cache.covers(request, unsafeNames, agent.clock())) {
    const preflightError = yield* corsPreflightFetch(agent, request, unsafeNames)
    if (preflightError) return preflightError
  }
  const response = yield* httpNetworkOrCacheFetch(request)
  if (isNetworkError(response)) return response
  if (request.responseTainting === 'cors') {
    const failure = corsCheck(request, response.headers)
    if (failure) return networkError(failure)
  }
  // "redirect status"; the redirect mode is "follow"
  if ([301, 302, 303, 307, 308].includes(response.status)) return yield* httpRedirectFetch(agent, request, response)
  return response
}

function* httpRedirectFetch(
  agent: Agent,
  request: Request,
  response: WireResponse,
): Steps<WireResponse | NetworkError> {
  const from = currentUrl(request)
  const locationUrl = locationUrlOf(response, from, agent.deviations)
  if (locationUrl === null) return response
  if (locationUrl === 'failure') return networkError('redirect-location-invalid')
  if (!isHttp(locationUrl)) return networkError('redirect-scheme')
  if (request.redirectCount === 20) return networkError('redirect-count')
  request.redirectCount += 1
  // the first clause is for mode "cors"; the second catches a cross-origin resource that redirects to a same-origin URL
  if (
    includesCredentials(locationUrl) &&
    (!isSameOrigin(request.origin, locationUrl) ||
      request.responseTainting === 'cors' ||
      agent.deviations.refusesUserinfo)
  ) {
    return networkError('redirect-with-credentials')
  }
  // only a stream's source is null
  if (response.status !== 303 && request.body?.isStream) return networkError('redirect-stream-body')
  if (
    ([301, 302].includes(response.status) && request.method === 'POST') ||
    (response.status === 303 && request.method !== 'GET' && request.method !== 'HEAD')
  ) {
    request.method = 'GET'
    request.body = null
    for (const name of requestBodyHeaderNames) request.headerList = without(request.headerList, name)
  }
  // "CORS non-wildcard request-header name"
  if (!isSameOrigin(originOf(from), locationUrl)) request.headerList = without(request.headerList, 'Authorization')
  request.urlList.push(locationUrl)
  return yield* mainFetch(agent, request)
}

/** "request-body-header name". */
const requestBodyHeaderNames = ['Content-Encoding', 'Content-Language', 'Content-Location', 'Content-Type']

/** "location URL" of a response with a redirect status. */
function locationUrlOf(response: WireResponse, base: Url, deviations: Deviations): Url | null | 'failure' {
  const lines = valuesOf(response.headers, 'Location')
  const [location, ...more] = deviations.equalLocationsAreOne ? new Set(lines) : lines
  if (location === undefined) return null
  const url = more.length > 0 ? undefined : parseUrl(location, base)
  if (url === undefined) return 'failure'
  return url.fragment === null ? { ...url, fragment: base.fragment } : url
}
