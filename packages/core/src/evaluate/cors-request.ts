/**
 * What a server received → the request descriptor that `evaluate` is asked about.
 */
import { canonicalPath, type RouterOptions } from '../web/path.js'
import type { CorsRequest } from './request.js'

/** What this module needs of the Fetch standard's `Headers`. */
export interface HeadersLike {
  /** The combined value, lines joined by ", "; `null` if there is none. */
  get(name: string): string | null
}

/** As Node gives them, or any record: names in any case, one string or one string a line. */
export type HeadersRecord = Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * The descriptor of a request. `url` is the request target as received (`request.url` of Node), with its query.
 *
 * Several lines of one header are joined, as HTTP says (RFC 9110, section 5.3): `Access-Control-Request-Headers` is a
 * list and stays one; two lines of `Origin` or `Access-Control-Request-Method` make a value that is refused. An empty
 * value is a value: an empty `Origin` is malformed, not absent.
 *
 * ```js
 * const decision = evaluate(policy, corsRequest('GET', '/api/orders', { origin: 'https://shop.example.com' }))
 * ```
 */
export function corsRequest(
  method: string,
  url: string,
  headers: HeadersLike | HeadersRecord,
  options?: RouterOptions,
): CorsRequest {
  const value = valuesOf(headers)
  const origin = value('origin', ', ')
  const requestMethod = value('access-control-request-method', ', ')
  const requestHeaders = value('access-control-request-headers', ',')
  return {
    method,
    path: canonicalPath(url, options),
    ...(origin === undefined ? {} : { origin }),
    ...(requestMethod === undefined ? {} : { requestMethod }),
    ...(requestHeaders === undefined ? {} : { requestHeaders }),
  }
}

type Values = (name: string, separator: string) => string | undefined

function valuesOf(headers: HeadersLike | HeadersRecord): Values {
  // A record may hold a header named "get"; that is no function.
  if (typeof headers.get === 'function') {
    const list = headers as HeadersLike
    return (name) => list.get(name) ?? undefined
  }
  const record = headers as HeadersRecord
  return (name, separator) => {
    const lines = Object.keys(record)
      .filter((key) => key.length === name.length && key.toLowerCase() === name)
      .flatMap((key) => record[key] ?? [])
    return lines.length === 0 ? undefined : lines.join(separator)
  }
}
