/**
 * The application's routes, as far as they bear on CORS, in a router of our own with the application's options. A preflight
 * is decided by the route that it announces, and Fastify's own router does not tell which one that is.
 *
 * Of a route's constraints it knows only the host: the others (a version, whatever a custom strategy derives) are hidden
 * from a preflight, which carries none of the headers of the request that it announces. Routes that only those tell apart
 * stand in one place of the table, and must come to one rule (`binding.ts`).
 */
import { canonicalPath, type RouterOptions } from '@safeconduct/core'
import FindMyWay from 'find-my-way'
import { isFixed, routeGlobs, writtenOut } from './route-globs.js'

/** `config.cors` of a route: a rule's id; `false`: nobody; `undefined`: the rules of its paths. Anything else is an error. */
export type RouteCors = unknown

export interface RouteDescription {
  /** In upper case. */
  readonly methods: readonly string[]
  readonly url: string
  readonly constraints: Readonly<Record<string, unknown>>
  readonly cors: RouteCors
  /** Not seen by the plugin: it was declared before it. Nobody is allowed there. */
  readonly isUnseen?: boolean
}

export interface Route extends RouteDescription {
  /** As the last hook of the application left it. */
  cors: RouteCors
  /** Place in the table. */
  readonly index: number
  /** Has a constraint that a preflight does not show. */
  readonly isHidden: boolean
  /** Under which it is declared: an optional parameter makes two, and so may a prefix. */
  readonly patterns: string[]
  /** Match every canonical path by which the router comes to the route. */
  globs: readonly string[]
  /** The canonical path of every request to this route whose target starts with a slash, if they all have one. */
  path: string | undefined
}

/** Routes of one method, pattern and host: only what a preflight does not show tells them apart. */
export interface Place {
  readonly method: string
  readonly routes: Route[]
}

/** `routerOptions` of Fastify, as far as they change which route a request meets. */
export interface AppRouterOptions extends RouterOptions {
  readonly maxParamLength?: number
}

/** The constraints that a preflight shows. */
interface Shown {
  readonly host?: unknown
}

type Router = FindMyWay.Instance<FindMyWay.HTTPVersion.V1>
type Method = FindMyWay.HTTPMethod

export class RouteTable {
  readonly routes: Route[] = []
  readonly places: Place[] = []
  readonly options: AppRouterOptions
  /** Some route has the constraint `host`. */
  hasHost = false
  /** That is the router's own `host`, not a strategy of the application's under that name. */
  hostIsShown = true
  /** Some route has a constraint that a preflight does not show. */
  hasHidden = false
  /** How many method, pattern and constraints there are: as many as the application's router has, or some are not known. */
  entries = 0
  readonly #router: Router
  readonly #methods = new Set<string>()
  /** By their text. */
  readonly #hostExpressions = new Map<string, RegExp>()

  constructor(options: AppRouterOptions) {
    this.options = options
    // The application's router has judged the regular expressions, and nobody reads the query here.
    this.#router = FindMyWay({ ...options, allowUnsafeRegex: true, querystringParser: () => ({}) })
  }

  add(description: RouteDescription): Route {
    const { host } = description.constraints
    this.hasHost ||= host !== undefined
    if (host instanceof RegExp) this.#hostExpressions.set(String(host), host)
    const shown = this.#shownOf(description.constraints)
    const route: Route = {
      ...description,
      index: this.routes.length,
      isHidden: Object.keys(description.constraints).some((name) => !Object.hasOwn(shown, name)),
      patterns: [],
      globs: [],
      path: undefined,
    }
    this.routes.push(route)
    this.hasHidden ||= route.isHidden
    for (const pattern of writtenOut(description.url)) this.place(route, pattern)
    return route
  }

  /** Puts a route in a place, or in one more: Fastify declares some routes under two patterns. */
  place(route: Route, pattern: string): void {
    const text = constraintsText(route.constraints)
    for (const method of new Set(route.methods)) {
      const place = this.#placeOf(method, pattern, this.#shownOf(route.constraints))
      // Fastify offers a HEAD route for every GET, and passes over those that are there already.
      if (place.routes.some((other) => constraintsText(other.constraints) === text)) continue
      place.routes.push(route)
      this.entries++
    }
    route.patterns.push(pattern)
    route.globs = [...new Set([...route.globs, ...routeGlobs(pattern, this.options)])]
    const isFixedRoute = route.patterns.length === 1 && isFixed(pattern)
    route.path = isFixedRoute ? canonicalPath(pattern, this.options) : undefined
  }

  #placeOf(method: string, pattern: string, shown: Shown): Place {
    const found = this.#declared(method, pattern, shown)
    if (found !== undefined) return found
    const place: Place = { method, routes: [] }
    this.#router.on(method as Method, pattern, { constraints: { ...shown } }, nothing, place)
    this.places.push(place)
    this.#methods.add(method)
    return place
  }

  #declared(method: string, pattern: string, shown: Shown): Place | undefined {
    let folded = pattern === '*' ? '/*' : pattern
    if (this.options.ignoreDuplicateSlashes === true) folded = FindMyWay.removeDuplicateSlashes(folded)
    if (this.options.ignoreTrailingSlash === true) folded = FindMyWay.trimLastSlash(folded)
    return this.#router.findRoute(method as Method, folded, { ...shown })?.store
  }

  /** Whether the table has a route of this method, pattern and constraints; an expression may be given as its text. */
  knows(method: string, pattern: string, constraints: Readonly<Record<string, unknown>>): boolean {
    const host = this.#hostExpressions.get(String(constraints.host)) ?? constraints.host
    const place = this.#declared(method, pattern, this.#shownOf({ ...constraints, host }))
    return place?.routes.some((route) => constraintsText(route.constraints) === constraintsText(constraints)) === true
  }

  #shownOf({ host }: Readonly<Record<string, unknown>>): Shown {
    return this.hostIsShown && host !== undefined ? { host } : {}
  }

  /** The place that the router comes to, by the request target as received. */
  find(method: string, url: string, host: string | undefined): Place | undefined {
    return this.#router.find(method as Method, url, { host })?.store
  }

  /** The methods that are served at a request target. */
  methodsAt(url: string, host: string | undefined): readonly string[] {
    return [...this.#methods].filter((method) => this.find(method, url, host) !== undefined)
  }

  /** The places of all methods at a request target. */
  placesAt(url: string, host: string | undefined): readonly Place[] {
    return [...this.#methods].flatMap((method) => this.find(method, url, host) ?? [])
  }
}

function nothing(): void {}

/** Equal for constraints that are. */
export function constraintsText(constraints: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(constraints).sort(), (_, value) =>
    value instanceof RegExp ? String(value) : value,
  )
}
