/** Requests in words. */
import type { Witness } from '@safeconduct/core'

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
