/** Fetch, "Responses": which headers of a response a script sees. */
import { type HeaderList, sameName, sortedLowercaseSet } from './header-list.js'
import { extractTokens } from './header-values.js'
import type { Request } from './request.js'

/** The names in the header list of the filtered response that "main fetch" makes for this request's tainting; sorted. */
export function exposedHeaderNames(request: Request, headers: HeaderList): string[] {
  const names = sortedLowercaseSet(headers.map(([name]) => name)).filter((name) => !isForbidden(name))
  // "basic filtered response"
  if (request.responseTainting === 'basic') return names
  // "CORS filtered response"
  const exposed = corsExposedHeaderNameList(request, headers)
  return names.filter(
    (name) => safelistedResponseHeaders.includes(name) || exposed.some((other) => sameName(other, name)),
  )
}

/** "main fetch": the CORS-exposed header-name list. A list that does not parse exposes nothing. */
function corsExposedHeaderNameList(request: Request, headers: HeaderList): readonly string[] {
  const headerNames = extractTokens('Access-Control-Expose-Headers', headers)
  if (headerNames === null || headerNames === 'failure') return []
  if (request.credentialsMode !== 'include' && headerNames.includes('*')) return headers.map(([name]) => name)
  return headerNames
}

/** "forbidden response-header name". */
function isForbidden(name: string): boolean {
  return ['set-cookie', 'set-cookie2'].includes(name)
}

/** "CORS-safelisted response-header name", those without a list. */
export const safelistedResponseHeaders: readonly string[] = [
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
]
