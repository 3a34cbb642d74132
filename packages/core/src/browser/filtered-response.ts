/** Fetch, "Responses": which headers of a response a script sees. */
import { isForbiddenResponseHeader, isSafelistedResponseHeader } from '../web/header-name.js'
import type { Deviations } from './deviations.js'
import { type HeaderList, isToken, sameName, sortedLowercaseSet, valuesOf } from './header-list.js'
import { extractTokens } from './header-values.js'
import type { Request } from './request.js'

/** The names in the header list of the filtered response that "main fetch" makes for this request's tainting; sorted. */
export function exposedHeaderNames(request: Request, headers: HeaderList, deviations: Deviations): string[] {
  const names = sortedLowercaseSet(headers.map(([name]) => name)).filter((name) => !isForbiddenResponseHeader(name))
  // "basic filtered response"
  if (request.responseTainting === 'basic') return names
  // "CORS filtered response"
  const exposed = corsExposedHeaderNameList(request, headers, deviations)
  return names.filter((name) => isSafelistedResponseHeader(name) || exposed.some((other) => sameName(other, name)))
}

/** "main fetch": the CORS-exposed header-name list. A list that does not parse exposes nothing. */
function corsExposedHeaderNameList(request: Request, headers: HeaderList, deviations: Deviations): readonly string[] {
  const headerNames = extractTokens('Access-Control-Expose-Headers', headers)
  const names = headerNames === 'failure' && deviations.exposeWildcardSurvives ? soundPart(headers) : headerNames
  if (names === null || names === 'failure') return []
  if (request.credentialsMode !== 'include' && names.includes('*')) return headers.map(([name]) => name)
  return names
}

/** A `*` before the first element that is no token. */
function soundPart(headers: HeaderList): readonly string[] {
  const elements = valuesOf(headers, 'Access-Control-Expose-Headers').flatMap((line) => line.split(','))
  const trimmed = elements.map((element) => element.replace(/^[\t ]+|[\t ]+$/g, ''))
  const end = trimmed.findIndex((element) => element !== '' && !isToken(element))
  return trimmed.slice(0, end).filter((element) => element === '*')
}
