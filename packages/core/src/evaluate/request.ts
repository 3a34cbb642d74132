/**
 * The request descriptor that a policy is asked about: what a server can see of a request that bears on CORS.
 */

export type { RouterOptions } from '../web/path.js'

/** A request as `evaluate` sees it. `corsRequest` makes one from a method, a request target and headers. */
export interface CorsRequest {
  /** As received; methods are case-sensitive (Fetch, "Methods"). */
  readonly method: string
  /** Canonical (`canonicalPath`); `undefined`, that is refused by `canonicalPath`, is `path-malformed`. */
  readonly path: string | undefined
  /** `Origin` as received. */
  readonly origin?: string
  /** `Access-Control-Request-Method` as received. */
  readonly requestMethod?: string
  /** `Access-Control-Request-Headers` as received, several lines joined by ",". */
  readonly requestHeaders?: string
  /** The methods that the server's router serves at this path, for grants with `"methods": "served"`. */
  readonly servedMethods?: readonly string[]
  /** Decide by the rule of this id instead of by path; `false`: nobody is allowed. */
  readonly rule?: string | false
  /**
   * The methods of this URL meet different rules, which only routes that name rules can bring about. A browser caches a
   * preflight's lists per URL, so the answer then lists just the requested method and headers, with a max-age of 0.
   */
  readonly splitByMethod?: boolean
}
