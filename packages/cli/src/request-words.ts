/** Requests in words: for people, and for a shell to ask `safeconduct explain` about. */
import type { CorsRequest, Witness } from '@safeconduct/core'
import { shellWord } from './terminal-text.js'

/** `preflight for DELETE /api/orders/1 from https://shop.example.com with x-a`. */
export function requestWords(request: Witness): string {
  const { method = 'GET', path, origin, requestMethod, requestHeaders, rule } = request
  const words = [
    requestMethod === undefined ? method : `preflight for ${requestMethod}`,
    path ?? '(a malformed path)',
    origin === undefined ? 'without Origin' : `from ${origin}`,
    ...(requestHeaders === undefined ? [] : [`with ${requestHeaders}`]),
    ...(rule === undefined ? [] : [rule === false ? 'on a route that allows nobody' : `on a route of rule ${rule}`]),
  ]
  return words.join(' ')
}

/** The arguments of `safeconduct explain`, behind the policy. */
export function explainArguments({
  method,
  path = '/',
  origin,
  requestMethod,
  requestHeaders,
  rule,
}: CorsRequest): string {
  const words = [requestMethod ?? method, path]
  if (origin !== undefined) words.push('--origin', origin)
  if (requestHeaders !== undefined) words.push('--request-headers', requestHeaders)
  else if (requestMethod !== undefined) words.push('--preflight')
  if (typeof rule === 'string') words.push('--rule', rule)
  return words.map(shellWord).join(' ')
}
