/** Fetch, "Responses": which headers of a response a script sees. */
import { isForbiddenResponseHeader, isSafelistedResponseHeader } from '../web/header-name.js'
import { type HeaderList, sameName, sortedLowercaseSet } from './header-list.js'
import { extractTokens } from './header-values.js'
import type { Request } from './request.js'

/** The names in the header list of the filtered response that "main fetch" makes for this request's tainting; sorted. */
export function exposedHeaderNames(request: Request, headers: HeaderList): string[] {
  const names = sortedLowercaseSet(headers.map(([name]) => name)).filter((name) => !isForbiddenResponseHeader(name))
  // "basic filtered response"
  if (request.responseTainting === 'basic') return names
  // "CORS filtered response"
  const exposed = corsExposedHeaderNameList(request, headers)
  return names.filter((name) => isSafelistedResponseHeader(name) || exposed.some((other) => sameName(other, name)))
}

/** "main fetch": the CORS-exposed header-name list. A list that does not parse exposes nothing. */
function corsExposedHeaderNameList(request: Request, headers: HeaderList): readonly string[] {
  const headerNames = extractTokens('Access-Control-Expose-Headers', headers)
  if (headerNames === null || headerNames === 'failure') return []
  if (request.credentialsMode !== 'include' && headerNames.includes('*')) return headers.map(([name]) => name)
  return headerNames
}
