/** Header names as the Fetch standard sees them. All functions but the first take names in lower case. */
import { isToken } from './token.js'

/** A token, in any case (RFC 9110, section 5.1). */
export function isHeaderName(text: string): boolean {
  return isToken(text)
}

const forbidden: ReadonlySet<string> = new Set([
  'accept-charset',
  'accept-encoding',
  'access-control-request-headers',
  'access-control-request-method',
  'access-control-request-private-network',
  'connection',
  'content-length',
  'cookie',
  'cookie2',
  'date',
  'dnt',
  'expect',
  'host',
  'keep-alive',
  'origin',
  'referer',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
])

/**
 * Fetch, "forbidden request-header": a script cannot set it, so a preflight never asks for it. (The method-override
 * headers, which are forbidden by value only, are not among these.)
 */
export function isForbiddenRequestHeader(name: string): boolean {
  return forbidden.has(name) || name.startsWith('proxy-') || name.startsWith('sec-')
}

const corsResponseHeaders: ReadonlySet<string> = new Set([
  'access-control-allow-credentials',
  'access-control-allow-headers',
  'access-control-allow-methods',
  'access-control-allow-origin',
  'access-control-allow-private-network',
  'access-control-expose-headers',
  'access-control-max-age',
])

/** A header of the server's side of the CORS protocol (Fetch, "HTTP responses"). */
export function isCorsResponseHeader(name: string): boolean {
  return corsResponseHeaders.has(name)
}

/** Fetch, "forbidden response-header name": no script reads it, whatever the server exposes. */
export function isForbiddenResponseHeader(name: string): boolean {
  return name === 'set-cookie' || name === 'set-cookie2'
}

/** Fetch, "CORS-safelisted response-header name", those without a list: scripts see them in any CORS response. */
export function isSafelistedResponseHeader(name: string): boolean {
  return safelistedResponseHeaders.has(name)
}

const safelistedResponseHeaders: ReadonlySet<string> = new Set([
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
])

/** A header of the client's side of the CORS protocol, which no response carries. */
export function isCorsRequestHeader(name: string): boolean {
  return name === 'origin' || name === 'access-control-request-method' || name === 'access-control-request-headers'
}
