/** From a request of Node to the descriptor that core decides, by the route that it runs into or announces. */
import type { IncomingHttpHeaders } from 'node:http'
import { type CorsRequest, canonicalPath, evaluate, isPreflight } from '@safeconduct/core'
import type { InForce } from './binding.js'
import type { Route, RouteTable } from './routes.js'

/** What is read of a request, of HTTP/1 and HTTP/2 alike. */
export interface RawRequest {
  readonly method?: string | undefined
  /** The request target as the router reads it: after `rewriteUrl`. */
  readonly url?: string | undefined
  readonly headers: IncomingHttpHeaders
}

/** The route that a request ran into: `'none'`: not found; `'unseen'`: one that was declared before the plugin. */
export type OwnRoute = Route | 'none' | 'unseen'

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** Precondition: of a preflight, which runs into no route of interest, `own` may be anything. */
export function describeRequest(raw: RawRequest, own: OwnRoute, table: RouteTable, inForce: InForce): CorsRequest {
  const request = asReceived(raw)
  const { url = '' } = raw
  // Where no route names a rule, that of the path is that of the route, and is found sooner.
  const isByPath = !inForce.namesRules && isPreflight(request)
  const route = isByPath ? undefined : decidingRoute(request, raw, own, table)
  request.path = route?.path !== undefined && url.startsWith('/') ? route.path : canonicalPath(url, table.options)
  const rule = route === undefined ? undefinedRule(own, request) : inForce.bindings[route.index]
  if (rule !== undefined) request.rule = rule
  if (inForce.servedRules.size > 0 && (rule === undefined || (rule !== false && inForce.servedRules.has(rule)))) {
    request.servedMethods = table.methodsAt(url, hostOf(raw))
  }
  if (inForce.namesRules && isPreflight(request) && isSplit(table, inForce, request.path, raw))
    request.splitByMethod = true
  return request
}

export function isPreflightOf(raw: RawRequest): boolean {
  return raw.method === 'OPTIONS' && isPreflight(asReceived(raw))
}

function asReceived({ method = '', headers }: RawRequest): Writable<CorsRequest> {
  const request: Writable<CorsRequest> = { method, path: undefined }
  if (headers.origin !== undefined) request.origin = headers.origin
  if (method === 'OPTIONS') {
    const requestMethod = headers['access-control-request-method']
    const requestHeaders = headers['access-control-request-headers']
    if (requestMethod !== undefined) request.requestMethod = requestMethod
    if (requestHeaders !== undefined) request.requestHeaders = requestHeaders
  }
  return request
}

/** The route that a request runs into or, a preflight, announces. */
export function decidingRoute(
  request: CorsRequest,
  raw: RawRequest,
  own: OwnRoute,
  table: RouteTable,
): Route | undefined {
  if (isPreflight(request)) return routeAt(table, request.requestMethod ?? '', raw)
  if (typeof own === 'object') return own
  // Where a preflight cannot show what the router asks for, a request may come to "not found" at a route by which its
  // preflight was decided. It is decided by the same.
  const found = own === 'unseen' || table.hasHidden ? routeAt(table, request.method, raw) : undefined
  return own === 'unseen' && found?.isUnseen !== true ? undefined : found
}

/** Nobody is allowed on a route that is not known; elsewhere the path decides. */
function undefinedRule(own: OwnRoute, request: CorsRequest): false | undefined {
  return own === 'unseen' && !isPreflight(request) ? false : undefined
}

export function routeAt(table: RouteTable, method: string, raw: RawRequest): Route | undefined {
  return table.find(method, raw.url ?? '', hostOf(raw))?.routes[0]
}

/** As the router reads it, in both versions of HTTP. */
function hostOf({ headers }: RawRequest): string | undefined {
  return headers.host || headers[':authority']?.toString()
}

/**
 * Whether the methods of a URL meet different rules; all that allow nobody are one. Methods that no route serves meet the
 * rule of the path; where that allows nobody, nothing is lost if the browser's cache lets such a request pass, for none
 * runs into a handler.
 */
function isSplit(table: RouteTable, inForce: InForce, path: string | undefined, raw: RawRequest): boolean {
  const { bindings, enforced, grantingRules } = inForce
  const ofPath = evaluate(enforced, { method: 'GET', path }).ruleId
  const granting = (rule: string | false | undefined): string | undefined =>
    typeof rule === 'string' && grantingRules.has(rule) ? rule : undefined
  const places = table.placesAt(raw.url ?? '', hostOf(raw))
  const rules = new Set(places.map(({ routes: [route] }) => granting((route && bindings[route.index]) ?? ofPath)))
  if (granting(ofPath) !== undefined) rules.add(ofPath)
  return rules.size > 1
}
