/** The cases of tests/corpus/browser-cases*.json, and what the model makes of one. */
import { readFileSync } from 'node:fs'
import {
  Browser,
  type Deviations,
  type Exchange,
  type FetchRequest,
  type FetchResult,
  type HeaderList,
  isPreflight,
  preflightCacheFor,
  standard,
  type WireRequest,
  type WireResponse,
} from '@safeconduct/core/browser'

/** A hop of a redirect: its answer, and its answer to a preflight. Location is the next hop where none is given. */
interface Hop extends WireResponse {
  readonly url: string
  readonly preflight?: WireResponse
}

type Given = { readonly preflight?: WireResponse; readonly actual: WireResponse } | { readonly hops: readonly Hop[] }

/** A script's request and the page's origin; hops bring their own URLs. `context` says how a page comes by its origin. */
export type CaseRequest = Omit<FetchRequest, 'url'> & {
  readonly origin: string
  readonly url?: string
  readonly context?: string
}

export interface Step {
  readonly request: CaseRequest
  readonly given: Given
  /** Seconds since the step before. */
  readonly after?: number
}

/** A single request, one with redirects, or a sequence of steps in one browser. */
export interface BrowserCase {
  readonly id: string
  readonly kind: 'single' | 'redirect' | 'sequence'
  readonly source: string
  readonly request?: CaseRequest
  readonly given?: Given
  readonly steps?: readonly Step[]
  readonly expected: Readonly<Record<string, unknown>>
  /** What Chromium 156 was seen to do. */
  readonly chromium156?: Readonly<Record<string, unknown>>
  /** The switches that are on. */
  readonly deviations?: Partial<Deviations>
}

export function readCases(file: string): readonly BrowserCase[] {
  const { cases } = JSON.parse(readFileSync(new URL(`../../../corpus/${file}`, import.meta.url), 'utf8'))
  return cases
}

/** Everything that a case may expect, by the name under which it does. */
export type Observation = Readonly<Record<string, unknown>>

/** Plays a case through the model, every step in the same browser. */
export function observe(each: BrowserCase, deviations: Deviations = { ...standard, ...each.deviations }): Observation {
  const results: FetchResult[] = []
  for (const { browser, request, server } of plays(each, deviations)) results.push(browser.fetch(request, server))
  return observation(each, results)
}

/** The same, with answers that come later. */
export async function observeLater(each: BrowserCase): Promise<Observation> {
  const results: FetchResult[] = []
  for (const { browser, request, server } of plays(each, { ...standard, ...each.deviations })) {
    results.push(await browser.fetch(request, async (wire) => server(wire)))
  }
  return observation(each, results)
}

interface Play {
  readonly browser: Browser
  readonly request: FetchRequest
  readonly server: (request: WireRequest) => WireResponse
}

function* plays(each: BrowserCase, deviations: Deviations): Generator<Play, void, undefined> {
  let now = 1_000_000
  const clock = () => now
  const cache = preflightCacheFor(deviations)
  for (const { request, given, after = 0 } of stepsOf(each)) {
    now += after
    const { origin, context: _, ...rest } = request
    const url = urlOf({ request, given })
    const browser = new Browser({ origin, clock, cache, deviations })
    yield { browser, request: { ...rest, url }, server: serverOf({ request, given }) }
  }
}

/** The URL that the script fetches. */
export function urlOf({ request: { url }, given }: Step): string {
  const first = url ?? ('hops' in given ? given.hops[0]?.url : undefined)
  if (first === undefined) throw new Error('neither url nor hops')
  return first
}

export function stepsOf({ id, steps, request, given }: BrowserCase): readonly Step[] {
  if (steps) return steps
  if (!request || !given) throw new Error(`${id}: neither steps nor a request`)
  return [{ request, given }]
}

type Place = Hop | { readonly url: string; readonly preflight?: WireResponse; readonly actual: WireResponse }

/** The server of a step. A preflight for which no answer is given gets one that fails. */
export function serverOf(step: Step): Play['server'] {
  const { given } = step
  const places: readonly Place[] = 'hops' in given ? given.hops : [{ ...given, url: urlOf(step) }]
  const answers = new Map(
    places.map((place, i) => {
      const next = places[i + 1]?.url
      const { status, headers } = 'actual' in place ? place.actual : place
      const located = next === undefined || get(headers, 'Location') !== null
      const actual: WireResponse = { status, headers: located ? headers : [...headers, ['Location', next]] }
      return [wireUrl(place.url), { actual, preflight: place.preflight ?? { status: 500, headers: [] } }]
    }),
  )
  return (wire) => {
    const answer = answers.get(wireUrl(wire.url))
    if (!answer) throw new Error(`nothing is given for ${wire.url}`)
    return isPreflight(wire) ? answer.preflight : answer.actual
  }
}

/** As a server sees it: without a fragment and a user name. */
function wireUrl(url: string): string {
  if (!URL.canParse(url)) return url
  const parsed = new URL(url)
  parsed.hash = ''
  parsed.username = ''
  parsed.password = ''
  return parsed.href
}

/** The value of a header that is there once at most. */
function get(headers: HeaderList, name: string): string | null {
  return headers.find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1] ?? null
}

const thrown = [
  'url-invalid',
  'url-with-credentials',
  'method-invalid',
  'method-forbidden',
  'header-invalid',
  'body-not-allowed',
]

function observation(each: BrowserCase, results: readonly FetchResult[]): Observation {
  if (each.kind === 'sequence') {
    return {
      preflights: results.map((result) => result.preflighted),
      browserAllows: results.map((result) => result.readable),
      step: results.map((result) => result.why),
    }
  }
  const [result] = results
  if (!result) throw new Error(`${each.id}: no result`)
  const preflight = result.exchanges.find(isPreflight)
  const last = lastHop(each, result.exchanges)
  return {
    preflightNeeded: result.preflighted,
    browserAllows: result.readable,
    step: result.why,
    throwsBeforeNetwork: thrown.includes(result.why) && result.exchanges.length === 0,
    acrm: preflight && get(preflight.headers, 'Access-Control-Request-Method'),
    acrh: preflight && get(preflight.headers, 'Access-Control-Request-Headers'),
    readableHeaders: result.exposedHeaderNames,
    credentialsSent: result.exchanges.map((exchange) => exchange.includesCredentials),
    originHeaderAtFinalHop: last ? get(last.headers, 'Origin') : null,
    methodAtFinalHop: last?.method,
    headersAtFinalHop: last?.headers.map(([name]) => name.toLowerCase()).sort(),
  }
}

/** The request, no preflight, that reached the last of the places given; undefined if none did. */
function lastHop({ request, given }: BrowserCase, exchanges: readonly Exchange[]): Exchange | undefined {
  const url = given && 'hops' in given ? given.hops.at(-1)?.url : request?.url
  if (url === undefined) return undefined
  return exchanges.findLast((exchange) => !isPreflight(exchange) && wireUrl(exchange.url) === wireUrl(url))
}
