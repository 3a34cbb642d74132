/**
 * The browser's side of CORS: what a browser sends for a script's `fetch()`, and whether the script may read the answer.
 * It follows the algorithms of the Fetch standard (whatwg/fetch, text of 2026-07-02) step by step, under their names, in
 * the files of this folder. Clarity comes before speed: this is the oracle of the tests, so it shares with
 * the engine that it judges no more than the standard's lists of header names, how a host is spelled and how a text is quoted.
 *
 * The same steps are driven by a function and by a real server: they are a generator that yields wire requests.
 */
import { type Deviations, standard } from './deviations.js'
import { drive, recorded } from './drive.js'
import { mainFetch } from './fetch.js'
import { exposedHeaderNames } from './filtered-response.js'
import { type Agent, isNetworkError } from './network.js'
import { type PreflightCache, preflightCacheFor } from './preflight-cache.js'
import { type FetchRequest, newRequest } from './request.js'
import { unsafeRequestHeaderNames } from './safelist.js'
import type { Why } from './why.js'
import { type Exchange, isPreflight, type Steps, type WireRequest, type WireResponse } from './wire.js'

/** What comes of a fetch. */
export interface FetchResult {
  /** Whether the script may read the response. */
  readonly readable: boolean
  /** The step that decided it. */
  readonly why: Why
  /** Whether a CORS-preflight request was sent, for this hop or another. */
  readonly preflighted: boolean
  /** All that went over the wire, in order. */
  readonly exchanges: readonly Exchange[]
  /** The headers of the response that the script sees: lower case, sorted. None where it may not read it. */
  readonly exposedHeaderNames: readonly string[]
}

export interface BrowserOptions {
  /** The page's origin, serialized; "null" is an opaque one (a sandboxed frame). */
  readonly origin: string
  /** Seconds; default: a clock that stands still. */
  readonly clock?: () => number
  /** Shared by the pages of one browser; default: one of its own. */
  readonly cache?: PreflightCache
  /** Default: the standard. */
  readonly deviations?: Deviations
}

/** A page in a browser. */
export class Browser {
  readonly origin: string
  readonly #agent: Agent

  constructor({
    origin,
    clock = () => 0,
    deviations = standard,
    cache = preflightCacheFor(deviations),
  }: BrowserOptions) {
    this.origin = origin
    this.#agent = { clock, cache, deviations }
  }

  /** Fetches from a function that plays the server, or from a real server, which answers later. */
  fetch(request: FetchRequest, server: (request: WireRequest) => WireResponse): FetchResult
  fetch(request: FetchRequest, server: (request: WireRequest) => PromiseLike<WireResponse>): Promise<FetchResult>
  fetch(
    request: FetchRequest,
    server: (request: WireRequest) => WireResponse | PromiseLike<WireResponse>,
  ): FetchResult | Promise<FetchResult>
  fetch(
    request: FetchRequest,
    server: (request: WireRequest) => WireResponse | PromiseLike<WireResponse>,
  ): FetchResult | Promise<FetchResult> {
    return drive(this.#steps(request), server)
  }

  /** "fetch()": "new Request()", "main fetch", and the filtered response. */
  *#steps(init: FetchRequest): Steps<FetchResult> {
    const request = newRequest(this.origin, init, this.#agent.deviations)
    if (typeof request === 'string') return resultOf(request, [], [])
    const exchanges: Exchange[] = []
    const response = yield* recorded(mainFetch(this.#agent, request), exchanges)
    if (isNetworkError(response)) return resultOf(response.networkError, [], exchanges)
    return resultOf(
      request.responseTainting,
      exposedHeaderNames(request, response.headers, this.#agent.deviations),
      exchanges,
    )
  }
}

function resultOf(why: Why, names: readonly string[], exchanges: readonly Exchange[]): FetchResult {
  return {
    readable: why === 'basic' || why === 'cors',
    why,
    preflighted: exchanges.some(isPreflight),
    exchanges,
    exposedHeaderNames: names,
  }
}

/**
 * What a policy has to cover for a request to be readable: the method as it is sent, and the CORS-unsafe names among the
 * headers that the API lets a script set. Undefined where the API throws and nothing is sent.
 */
export function demandOf(
  request: FetchRequest,
  deviations: Deviations = standard,
): { readonly method: string; readonly unsafeHeaderNames: readonly string[] } | undefined {
  const made = newRequest('null', request, deviations)
  if (typeof made === 'string') return undefined
  return { method: made.method, unsafeHeaderNames: unsafeRequestHeaderNames(made.headerList, deviations) }
}
