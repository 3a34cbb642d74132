/**
 * The CORS-preflight cache as Firefox has it. For an origin, a URL and whether credentials are sent it keeps the methods and
 * the header names that preflights listed, each with its time. All of this was measured (Firefox 153):
 *
 * - what was stored for requests with credentials serves no request without;
 * - a `*` is kept as a method or a header of that name, and covers nothing else;
 * - GET and POST are never asked for again, use-CORS-preflight flag or not;
 * - an answer with max-age 0 changes nothing that is kept;
 * - a name that is listed again has the time of the new answer, counted from that;
 * - a CORS check that fails for a request without preflight forgets what is kept for its URL;
 * - the origin is that of the page, also where redirects have made that of the request "null".
 */
import type { PreflightAnswer } from './preflight-answer.js'
import type { PreflightCache } from './preflight-cache.js'
import { currentUrl, type Request } from './request.js'
import { serializeUrl } from './url.js'

/** When each token expires, in seconds: methods as they are, header names in lower case. */
interface Kept {
  readonly methods: Map<string, number>
  readonly headerNames: Map<string, number>
}

export class TokenCache implements PreflightCache {
  readonly #kept = new Map<string, Kept>()

  covers(request: Request, unsafeNames: readonly string[], now: number): boolean {
    const kept = this.#kept.get(placeOf(request))
    if (!kept) return false
    const isKept = (tokens: Map<string, number>, token: string): boolean => (tokens.get(token) ?? 0) > now
    const isMethodKept = ['GET', 'POST'].includes(request.method) || isKept(kept.methods, request.method)
    return isMethodKept && unsafeNames.every((name) => isKept(kept.headerNames, name))
  }

  store(request: Request, { methods, headerNames, maxAge }: PreflightAnswer, now: number): void {
    if (maxAge === 0) return
    const place = placeOf(request)
    const kept = this.#kept.get(place) ?? { methods: new Map(), headerNames: new Map() }
    for (const method of methods ?? []) kept.methods.set(method, now + maxAge)
    for (const name of headerNames ?? []) kept.headerNames.set(name.toLowerCase(), now + maxAge)
    this.#kept.set(place, kept)
  }

  clear(request: Request): void {
    for (const withCredentials of [true, false]) this.#kept.delete(placeOf(request, withCredentials))
  }

  clearSimple(request: Request): void {
    this.clear(request)
  }
}

function placeOf(request: Request, withCredentials = request.credentialsMode === 'include'): string {
  return `${withCredentials} ${request.origin} ${serializeUrl(currentUrl(request))}`
}
