/** Fetch, "CORS-preflight cache". */
import type { Deviations } from './deviations.js'
import { sameName } from './header-list.js'
import { isSafelistedMethod } from './method.js'
import type { PreflightAnswer } from './preflight-answer.js'
import { originAndUrl, type Request } from './request.js'
import { TokenCache } from './token-cache.js'
import { WholeAnswerCache } from './whole-answer-cache.js'

export interface PreflightCache {
  /** "HTTP fetch": whether it leaves nothing to ask, for a request that would need a preflight. Seconds. */
  covers(request: Request, unsafeNames: readonly string[], now: number): boolean
  /** The last steps of "CORS-preflight fetch". */
  store(request: Request, answer: PreflightAnswer, now: number): void
  /** "clear cache entries", where a request that needed a preflight failed. */
  clear(request: Request): void
  /** What a browser forgets where the CORS check failed for a request that needed none; by the standard nothing. */
  clearSimple?(request: Request): void
}

export function preflightCacheFor(deviations: Deviations): PreflightCache {
  switch (deviations.preflightCache) {
    case 'entries':
      return new EntryCache(deviations)
    case 'whole-answers':
      return new WholeAnswerCache(deviations)
    case 'tokens':
      return new TokenCache()
  }
}

/** "cache entry", of one origin and one URL. */
interface Entry {
  /** Seconds. */
  maxAge: number
  readonly storedAt: number
  /** Whether the credentials mode was "include". */
  readonly credentials: boolean
  readonly method: string | null
  readonly headerName: string | null
}

/**
 * The standard's cache. The network partition key is left out: all pages that share a cache here are of one partition.
 * The standard has one list of entries; as an entry matches only its own origin and URL, there is one for each pair.
 */
class EntryCache implements PreflightCache {
  readonly #entries = new Map<string, Entry[]>()
  readonly #deviations: Deviations

  constructor(deviations: Deviations) {
    this.#deviations = deviations
  }

  covers(request: Request, unsafeNames: readonly string[], now: number): boolean {
    const methodMatch = this.#methodMatches(request.method, request, now).length > 0
    if (!methodMatch && (!isSafelistedMethod(request.method) || request.useCorsPreflight)) return false
    return unsafeNames.every((name) => this.#headerNameMatches(name, request, now).length > 0)
  }

  /** An entry that matches gets the new max-age, counted from when it was stored; what matches none gets an entry. */
  store(request: Request, { methods, headerNames, maxAge }: PreflightAnswer, now: number): void {
    for (const method of methods ?? []) {
      for (const entry of this.#methodMatches(method, request, now)) entry.maxAge = maxAge
    }
    for (const method of methods ?? []) {
      if (this.#methodMatches(method, request, now).length === 0) this.#create(request, now, maxAge, method, null)
    }
    for (const name of headerNames ?? []) {
      for (const entry of this.#headerNameMatches(name, request, now)) entry.maxAge = maxAge
    }
    for (const name of headerNames ?? []) {
      if (this.#headerNameMatches(name, request, now).length === 0) this.#create(request, now, maxAge, null, name)
    }
  }

  clear(request: Request): void {
    this.#entries.delete(originAndUrl(request))
  }

  /** "create a new cache entry", for a method or for a header name. */
  #create(request: Request, now: number, maxAge: number, method: string | null, headerName: string | null): void {
    const credentials = request.credentialsMode === 'include'
    const place = originAndUrl(request)
    const entries = this.#entries.get(place) ?? []
    this.#entries.set(place, [...entries, { maxAge, storedAt: now, credentials, method, headerName }])
  }

  /** "method cache entry match". */
  #methodMatches(method: string, request: Request, now: number): Entry[] {
    return this.#matches(request, now).filter((entry) => entry.method === method || entry.method === '*')
  }

  /** "header-name cache entry match". */
  #headerNameMatches(name: string, request: Request, now: number): Entry[] {
    const coveredByWildcard = !sameName(name, 'Authorization') || this.#deviations.authorizationCoveredByWildcard
    return this.#matches(request, now).filter(
      ({ headerName }) =>
        headerName !== null && (sameName(headerName, name) || (headerName === '*' && coveredByWildcard)),
    )
  }

  /** "cache entry match"; entries whose time has passed are removed first. */
  #matches(request: Request, now: number): Entry[] {
    const place = originAndUrl(request)
    const entries = this.#entries.get(place)
    if (!entries) return []
    const alive = entries.filter(({ storedAt, maxAge }) => now - storedAt < maxAge)
    if (alive.length < entries.length) this.#entries.set(place, alive)
    return alive.filter(({ credentials }) => credentials || request.credentialsMode !== 'include')
  }
}
