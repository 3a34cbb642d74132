/** How a fetch ended: the step of the Fetch standard that decided it. Codes are permanent. */

/** "new Request()" throws a TypeError: nothing is sent. */
export type Thrown =
  | 'url-invalid'
  | 'url-with-credentials'
  | 'method-invalid'
  | 'method-forbidden'
  | 'header-invalid'
  | 'body-not-allowed'

/** "CORS check". */
export type CorsCheckFailure = 'allow-origin-missing' | 'allow-origin-mismatch' | 'allow-credentials-not-true'

/** "CORS-preflight fetch". */
export type PreflightFailure =
  | `preflight-${CorsCheckFailure}`
  | 'preflight-status-not-ok'
  | 'preflight-allow-methods-malformed'
  | 'preflight-allow-headers-malformed'
  | 'preflight-method-not-listed'
  | 'preflight-authorization-not-listed'
  | 'preflight-header-not-listed'

/** "HTTP-redirect fetch". */
export type RedirectFailure =
  | 'redirect-location-invalid'
  | 'redirect-scheme'
  | 'redirect-count'
  | 'redirect-with-credentials'
  | 'redirect-stream-body'

/** "network error", by its cause: "main fetch" and "HTTP-network-or-cache fetch" have the first two. */
export type NetworkErrorCause =
  | 'scheme-not-http'
  | 'proxy-authentication'
  | CorsCheckFailure
  | PreflightFailure
  | RedirectFailure

/** The script reads the response: "basic filtered response" or "CORS filtered response". */
export type Readable = 'basic' | 'cors'

export type Why = Readable | Thrown | NetworkErrorCause
