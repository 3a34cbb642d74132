/**
 * A server made of decisions: what goes back over the wire when a server applies each decision as it stands, so that the
 * model of the browser can be asked whether a script reads the answer.
 */
import type { Decision } from '@safeconduct/core'
import type { WireRequest, WireResponse } from '@safeconduct/core/browser'

/**
 * A preflight is answered with the decision's status, headers and Vary and nothing else; to the application's response
 * to any other request the decision's headers and Vary are added.
 */
export function serverOf(
  decide: (request: WireRequest) => Decision,
  application: (request: WireRequest) => WireResponse = typicalResponse,
): (request: WireRequest) => WireResponse {
  return (request) => {
    const decision = decide(request)
    if (decision.kind === 'preflight') return applied(decision, { status: decision.status, headers: [] })
    return applied(decision, application(request))
  }
}

/** What applications send besides: safelisted response headers, some that need exposing, one that is never exposed. */
export function typicalResponse(): WireResponse {
  return {
    status: 200,
    headers: [
      ['cache-control', 'private, max-age=0'],
      ['content-type', 'application/json'],
      ['etag', '"1"'],
      ['link', '</orders?page=2>; rel="next"'],
      ['set-cookie', 'session=1; HttpOnly'],
      ['vary', 'Accept-Encoding'],
      ['x-request-id', '1'],
    ],
  }
}

function applied({ headers, vary }: Decision, response: WireResponse): WireResponse {
  const set = Object.entries(headers)
  const kept = response.headers.filter(([name]) => name !== 'vary' && !Object.hasOwn(headers, name))
  const varies = [...response.headers.flatMap(([name, value]) => (name === 'vary' ? [value] : [])), ...vary]
  const varyHeader = varies.length === 0 ? [] : [['vary', varies.join(', ')] as const]
  return { status: response.status, headers: [...kept, ...set, ...varyHeader] }
}

/** The request target of a wire request in origin form: path and query. */
export function requestTarget({ url }: WireRequest): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}

/** The headers of a wire request as Node.js hands them to a server: lower-case names, repeated ones joined by ", ". */
export function headerRecord({ headers }: WireRequest): Record<string, string> {
  const record: Record<string, string> = {}
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    const before = record[lower]
    record[lower] = before === undefined ? value : `${before}, ${value}`
  }
  return record
}
