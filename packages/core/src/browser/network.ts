/** Fetch, "HTTP-network-or-cache fetch". There is no HTTP cache here (the standard's httpCache is null). */
import type { Deviations } from './deviations.js'
import { append } from './header-list.js'
import type { PreflightCache } from './preflight-cache.js'
import { currentUrl, type Request, serializedOrigin } from './request.js'
import { serializeUrl } from './url.js'
import type { NetworkErrorCause } from './why.js'
import type { Steps, WireRequest, WireResponse } from './wire.js'

/** The user agent, as far as a fetch needs it. */
export interface Agent {
  readonly cache: PreflightCache
  /** Seconds. */
  readonly clock: () => number
  readonly deviations: Deviations
}

export interface NetworkError {
  readonly networkError: NetworkErrorCause
}

export function networkError(cause: NetworkErrorCause): NetworkError {
  return { networkError: cause }
}

export function isNetworkError(response: WireResponse | NetworkError): response is NetworkError {
  return 'networkError' in response
}

/** A 421 is asked once more, over a new connection. A 407 cannot be answered: there is nobody to prompt. */
export function* httpNetworkOrCacheFetch(
  request: Request,
  isNewConnectionFetch = false,
): Steps<WireResponse | NetworkError> {
  const response = received(yield wireRequest(request))
  if (response.status === 407) return networkError('proxy-authentication')
  if (response.status === 421 && !isNewConnectionFetch && !request.body?.isStream) {
    return yield* httpNetworkOrCacheFetch(request, true)
  }
  return response
}

function wireRequest(request: Request): WireRequest {
  return {
    method: request.method,
    url: serializeUrl(currentUrl(request), { excludeFragment: true }),
    headers: withOriginHeader(request),
    includesCredentials:
      request.credentialsMode === 'include' ||
      (request.credentialsMode === 'same-origin' && request.responseTainting === 'basic'),
    ...(request.body && { body: request.body.text }),
  }
}

/** "append a request `Origin` header". In mode "cors" the referrer policy is not asked. */
function withOriginHeader(request: Request): WireRequest['headers'] {
  if (request.responseTainting === 'cors' || (request.method !== 'GET' && request.method !== 'HEAD')) {
    return append(request.headerList, 'Origin', serializedOrigin(request))
  }
  return request.headerList
}

/** HTTP strips the blanks around a field's value (RFC 9110, 5.5). */
function received({ status, headers }: WireResponse): WireResponse {
  return { status, headers: headers.map(([name, value]) => [name, value.replace(/^[\t ]+|[\t ]+$/g, '')]) }
}
