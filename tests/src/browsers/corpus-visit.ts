/** A case of the corpus as a page's script would bring it about; or why no page can. */
import { METHODS } from 'node:http'
import { demandOf } from '@safeconduct/core/browser'
import type { CorpusCase, CorpusFile } from '../support/corpus.js'
import type { Wish } from './scripts.js'

export interface Visit {
  /** The origin of the page; "null" is an opaque one. */
  readonly page: string
  readonly wish: Wish
  /** How the case's own request comes to the server, from a script without credentials. */
  readonly comes:
    | 'as it stands'
    | 'never, for its preflight is refused too'
    | 'after a preflight that the case leaves open'
}

/** Why no page brings the case about. */
export type Unsendable =
  | 'no page has such an origin'
  | 'a browser writes the target otherwise'
  | 'fetch() throws, or changes the method'
  | 'no script sets such headers'
  | 'no browser asks first for a GET without headers'

/** `id` goes into the query, where no path glob looks. */
export function visitOf(file: CorpusFile, each: CorpusCase, id: string): Visit | Unsendable {
  const { url: target, headers } = each.request
  const server = `https://${serverOf(file, each)}`
  if (!isSentAs(target, server)) return 'a browser writes the target otherwise'
  const url = `${server}${target}${target.includes('?') ? '&' : '?'}case=${id}`

  const lines = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const page = lines.get('origin') ?? server
  if (typeof page !== 'string' || !isPageOrigin(page)) return 'no page has such an origin'
  lines.delete('origin')
  // a cookie comes of the jar
  lines.delete('cookie')

  if (each.decision.kind !== 'preflight') return actual(each, page, url, [...lines])
  const method = String(lines.get('access-control-request-method'))
  const list = [lines.get('access-control-request-headers') ?? []].flat().join(',')
  const names = namesIn(list)
  lines.delete('access-control-request-method')
  lines.delete('access-control-request-headers')
  if (names === undefined || lines.size > 0) return 'no script sets such headers'
  // a list beyond the bounds; written as browsers write it, it would be within them
  if (each.decision.reason === 'request-headers-malformed' && names.join() !== list)
    return 'no script sets such headers'
  return preflight(page, url, method, names)
}

type Lines = readonly (readonly [name: string, value: string | readonly string[]])[]

function actual(each: CorpusCase, page: string, url: string, lines: Lines): Visit | Unsendable {
  const { method } = each.request
  const headers = lines.map(([name, value]) => [name, String(value)] as const)
  const demand = demandOf({ url, method, headers })
  if (demand?.method !== method) return 'fetch() throws, or changes the method'
  if (lines.some(([name]) => isForbidden(name))) return 'no script sets such headers'
  const isRefused = each.decision.kind === 'actual' && !each.decision.allowed
  const isAsked = page !== new URL(url).origin && (demand.unsafeHeaderNames.length > 0 || !isSafelisted(method))
  const comes = !isAsked
    ? 'as it stands'
    : demand.unsafeHeaderNames.length > 0
      ? 'after a preflight that the case leaves open'
      : isRefused
        ? 'never, for its preflight is refused too'
        : 'as it stands'
  return { page, wish: { url, method, headers }, comes }
}

function preflight(page: string, url: string, method: string, names: readonly string[]): Visit | Unsendable {
  const headers = names.map((name) => [name, unsafeValue] as const)
  const demand = demandOf({ url, method, headers })
  if (demand?.method !== method) return 'fetch() throws, or changes the method'
  if (names.some(isForbidden)) return 'no script sets such headers'
  if (names.length > 0 || !isSafelisted(method)) return { page, wish: { url, method, headers }, comes: 'as it stands' }
  if (method !== 'POST') return 'no browser asks first for a GET without headers'
  return { page, wish: { url, method, body: 'x', hearsUpload: true }, comes: 'as it stands' }
}

/** No name is safelisted with it, not even those that a browser takes for client hints. */
const unsafeValue = '"'

function isSafelisted(method: string): boolean {
  return ['GET', 'HEAD', 'POST'].includes(method)
}

/** Whether the API drops it. */
function isForbidden(name: string): boolean {
  return demandOf({ url: 'https://server.test', headers: [[name, unsafeValue]] })?.unsafeHeaderNames.length === 0
}

/** The names of a list as a browser would send it, undefined where it holds something else. */
function namesIn(list: string): readonly string[] | undefined {
  const names = list.split(',').map((name) => name.replace(/^[\t ]+|[\t ]+$/g, '').toLowerCase())
  const set = [...new Set(names)].filter((name) => name !== '').sort()
  return set.every((name) => /^[!#$%&'*+\-.^_`|~0-9a-z]+$/.test(name)) ? set : undefined
}

function isSentAs(target: string, server: string): boolean {
  if (!target.startsWith('/') || !URL.canParse(server + target)) return false
  const { origin, pathname, search } = new URL(server + target)
  return origin === server && pathname + search === target
}

function isPageOrigin(origin: string): boolean {
  if (origin === 'null') return true
  if (!/^https?:/.test(origin) || !URL.canParse(origin) || new URL(origin).origin !== origin) return false
  // RFC 1035, 2.3.4: names that DNS can hold
  const { hostname, port } = new URL(origin)
  // Fetch, "block bad port": the corpus has one
  if (port === '9') return false
  return hostname.length <= 253 && /^[^.]{1,63}(\.[^.]{1,63})*\.?$/.test(hostname)
}

/**
 * The plugin answers at a host of the topic's, with its policy. What a route adds to a request, and methods that Fastify
 * has none of, are the engine's alone.
 */
export function serverOf(
  { topic }: CorpusFile,
  { rule, servedMethods, splitByMethod, debug, request, decision }: CorpusCase,
): string {
  const announced = Object.entries(request.headers).find(
    ([name]) => name.toLowerCase() === 'access-control-request-method',
  )
  const method = decision.kind === 'preflight' ? String(announced?.[1]) : request.method
  const isOfRoute = (rule ?? servedMethods ?? splitByMethod) !== undefined
  const by = isOfRoute || !METHODS.includes(method) ? 'engine' : debug === true ? 'debugged' : 'plugin'
  return `${topic}.${by}.test`
}
