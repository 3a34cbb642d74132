/** Whether a browser announces a request by a preflight, and the header names that it asks for. */
import { demandOf, standard } from '@safeconduct/core/browser'
import type { PastedRequest } from './pasted-request.js'

export interface Announcement {
  readonly method: string
  /** CORS-unsafe request-header names: in lower case, sorted, each once. */
  readonly names: readonly string[]
  /** Names that a script could have set, taken for the browser's own. */
  readonly own: readonly string[]
}

/** Undefined where the browser sends the request without asking, and where no page's script sends it at all. */
export function announcementOf(request: PastedRequest): Announcement | undefined {
  const { method, names, own, demanded } = demandIn(request)
  const isAsked = demanded === method && (names.length > 0 || !['GET', 'HEAD', 'POST'].includes(method))
  return isAsked && !isSameOrigin(request) && !isOfNoScript(request) ? { method, names, own } : undefined
}

/** As if the browser asked first whatever the request is, as for an upload that a script listens to. */
export function announcementAnyway(request: PastedRequest): Announcement {
  const { method, names, own } = demandIn(request)
  return { method, names, own }
}

/** `demanded`: the method as a browser sends it; undefined where `fetch()` throws. */
function demandIn({ method, headers }: PastedRequest): Announcement & { readonly demanded: string | undefined } {
  const lines = Object.entries(headers).flatMap(([name, value]) => [value].flat().map((each) => [name, each] as const))
  const ofBrowser = lines.filter(([name, value]) => isOfCache(name, value))
  const ofScript = lines.filter((line) => !ofBrowser.includes(line) && !never.has(line[0]))
  const demand = demandOf({ url: 'https://url.invalid/', method, headers: ofScript }, deviations)
  const own = [...new Set(ofBrowser.map(([name]) => name))].sort()
  return { method, names: demand?.unsafeHeaderNames ?? [], own, demanded: demand?.method }
}

/** A browser's tools show its own User-Agent; a script that sets one is rare, and in Chromium cannot. */
const deviations = { ...standard, userAgentForbidden: true }

/** Beside the forbidden ones: what browsers add, and no script sets. */
const never: ReadonlySet<string> = new Set(['alt-used', 'priority', 'upgrade-insecure-requests'])

/** Fetch, "HTTP-network-or-cache fetch": what the cache has a browser add after the preflight. */
function isOfCache(name: string, value: string): boolean {
  if (name === 'cache-control') return value === 'no-cache' || value === 'max-age=0'
  return (name === 'pragma' && value === 'no-cache') || name === 'if-none-match' || name === 'if-modified-since'
}

function isSameOrigin({ url, headers }: PastedRequest): boolean {
  return URL.canParse(url) && new URL(url).origin === headers.origin
}

/** A form, a frame, an image: browsers say so (Fetch Metadata, "Sec-Fetch-Mode"), and ask nobody. */
function isOfNoScript({ headers }: PastedRequest): boolean {
  return (headers['sec-fetch-mode'] ?? 'cors') !== 'cors'
}
