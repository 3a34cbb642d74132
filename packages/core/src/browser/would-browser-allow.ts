/** For tests of any server: would a browser let a page's script read the response, and what would it send? */
import { Browser, type BrowserOptions, type FetchResult } from './browser.js'
import { explanationOf } from './explanation.js'
import { combined, type HeaderList } from './header-list.js'
import type { CredentialsMode } from './request.js'
import { originOf, parseUrl, requestTarget } from './url.js'
import { type Exchange, isPreflight, type WireRequest, type WireResponse } from './wire.js'

/** A script's `fetch(url, { method, headers, credentials, body })`, and the page that it runs in. */
export interface PageRequest {
  /** The page's origin, as browsers serialize it; "null" for an opaque one, such as a sandboxed frame's. */
  readonly from: string
  /** Absolute. */
  readonly url: string
  /** Default "GET". */
  readonly method?: string
  readonly headers?: HeaderList | Readonly<Record<string, string>>
  /** Default "same-origin", which sends none to another origin. */
  readonly credentials?: CredentialsMode
  readonly body?: string | { readonly stream: string }
}

/** One HTTP request, to be sent as it is: no redirect is to be followed, no header to be left out. */
export interface SentRequest {
  readonly method: string
  /** Absolute, without a fragment. */
  readonly url: string
  /** Path and query. */
  readonly target: string
  /** Lower-case names; `origin` and `access-control-request-*` among them. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether a browser would add its cookies and authentication entries. */
  readonly includesCredentials: boolean
  readonly body?: string
}

/** `Headers`, a list of pairs, or a record as Node and most clients have it. */
export type AnswerHeaders =
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string | number | readonly string[] | undefined>>

/** What came back, as `fetch` (`status`) or as undici and Fastify's `inject` (`statusCode`) give it. */
export type Answer =
  | { readonly status: number; readonly headers: AnswerHeaders }
  | { readonly statusCode: number; readonly headers: AnswerHeaders }

export interface Outcome extends FetchResult {
  /** `why` in words. */
  readonly explanation: string
  /** The CORS-preflight request that the browser sends first, with the answer to it; absent where it sends none. */
  readonly preflight?: Exchange
}

/**
 * Plays a page's `fetch()` against a server, as a browser that follows the Fetch standard does: it asks first where the
 * standard asks, follows redirects, and holds every answer against the standard's steps. `exchange` performs one HTTP
 * request; where it answers with a promise, so does this.
 *
 *     const { readable, explanation } = await wouldBrowserAllow(
 *       { from: 'https://shop.example.com', url: 'https://api.example.com/orders/7', method: 'DELETE', credentials: 'include' },
 *       ({ method, target, headers }) => app.inject({ method, url: target, headers }),
 *     )
 *     assert.ok(readable, explanation)
 *
 * Each call is a browser of its own, whose preflight cache is empty. `options` may share one, set a clock, or make it
 * deviate from the standard as a real browser does.
 *
 * @throws TypeError if `from` is no serialized origin, or a host is not written in ASCII.
 */
export function wouldBrowserAllow(
  request: PageRequest,
  exchange: (request: SentRequest) => Answer,
  options?: Omit<BrowserOptions, 'origin'>,
): Outcome
export function wouldBrowserAllow(
  request: PageRequest,
  exchange: (request: SentRequest) => PromiseLike<Answer>,
  options?: Omit<BrowserOptions, 'origin'>,
): Promise<Outcome>
export function wouldBrowserAllow(
  { from, headers = [], ...request }: PageRequest,
  exchange: (request: SentRequest) => Answer | PromiseLike<Answer>,
  options: Omit<BrowserOptions, 'origin'> = {},
): Outcome | Promise<Outcome> {
  const page = new Browser({ ...options, origin: pageOrigin(from) })
  const result = page.fetch({ ...request, headers: listed(headers) }, (wire) => {
    const answer = exchange(sent(wire))
    return 'then' in answer ? answer.then(received) : received(answer)
  })
  return 'then' in result ? result.then(outcomeOf) : outcomeOf(result)
}

function outcomeOf(result: FetchResult): Outcome {
  const preflight = result.exchanges.find(isPreflight)
  const explanation = explanationOf(result.why, result.exchanges)
  return { ...result, explanation, ...(preflight === undefined ? {} : { preflight }) }
}

/** A slip here (`https://shop.example.com/`) would make a page that no browser shows. */
function pageOrigin(from: string): string {
  if (from === 'null') return from
  const url = parseUrl(from)
  if (url === undefined)
    throw new TypeError(`${JSON.stringify(from)} is no origin; write one such as https://shop.example.com`)
  const origin = originOf(url)
  if (origin === 'null' || origin === from) return from
  throw new TypeError(`${JSON.stringify(from)} is not an origin as browsers write it; write ${JSON.stringify(origin)}`)
}

function listed(headers: NonNullable<PageRequest['headers']>): HeaderList {
  return isList(headers) ? headers : Object.entries(headers)
}

function isList(headers: NonNullable<PageRequest['headers']>): headers is HeaderList {
  return Array.isArray(headers)
}

function sent({ method, url, headers, includesCredentials, body }: WireRequest): SentRequest {
  const parsed = parseUrl(url)
  return {
    method,
    url,
    target: parsed === undefined ? url : requestTarget(parsed),
    headers: Object.fromEntries(combined(headers)),
    includesCredentials,
    ...(body === undefined ? {} : { body }),
  }
}

function received(answer: Answer): WireResponse {
  return { status: 'status' in answer ? answer.status : answer.statusCode, headers: pairsOf(answer.headers) }
}

function pairsOf(headers: AnswerHeaders): HeaderList {
  if (isIterable(headers)) return [...headers]
  return Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((each) => [name, String(each)] as const),
  )
}

function isIterable(headers: AnswerHeaders): headers is Iterable<readonly [string, string]> {
  return Symbol.iterator in headers
}
