/**
 * The policy in force on one server: the routes as they are declared, the policy as it is replaced, and each request held
 * against both. A class, for one invariant: what is in force was made of one policy and all routes, whole.
 */
import { type CorsRequest, type Decision, evaluate, isUpgradeAllowed, type Policy } from '@safeconduct/core'
import type { FastifyContextConfig, FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import { bind, type InForce } from './binding.js'
import {
  decidingRoute,
  describeRequest,
  isPreflightOf,
  type OwnRoute,
  type RawRequest,
  routeAt,
} from './describe-request.js'
import { SafeconductError } from './error.js'
import { type Explanation, explanation } from './explanation.js'
import type { Place } from './kept-heads.js'
import type { CheckedOptions, PolicySource } from './options.js'
import { type PlainAnswer, PlainAnswers } from './plain-answers.js'
import { loadPolicy } from './policy-source.js'
import { configReader } from './route-config.js'
import { routeName } from './route-name.js'
import { routerOptionsOf } from './router-options.js'
import { constraintsText, type Route, RouteTable } from './routes.js'
import { countEntries, printedRoutes, unseenRoutes } from './unseen-routes.js'

/** What Fastify hands on to each request of a route: with its URL, unless it is that of "not found". */
interface Config {
  readonly [entry: symbol]: Route | undefined
  readonly url?: string
}

/** A route as it was when our hook saw it, and the options that Fastify makes it of, which later hooks may change. */
interface Declared {
  readonly route: Route
  readonly options: RouteOptions
  /** Under which Fastify may declare it as well. */
  readonly second: string | undefined
}

/** A request of Fastify, or one of Node (an `upgrade` event's): the latter's route is looked up. */
export type RequestLike = FastifyRequest | RawRequest

export class Enforcement {
  readonly table: RouteTable
  readonly #app: FastifyInstance
  readonly #debug: { readonly debug: boolean }
  #policy: Policy
  #inForce: InForce | undefined
  /** Where a route's `config` keeps its place in the table: under a symbol that no other server of the process has. */
  readonly #entry = Symbol('safeconduct.route')
  #declared: Declared[] = []
  readonly #configOf: (request: FastifyRequest) => FastifyContextConfig = configReader()
  /** Of the policy in force. */
  #plain = new PlainAnswers()

  constructor(app: FastifyInstance, policy: Policy, { debug }: CheckedOptions) {
    this.#app = app
    this.#policy = policy
    this.#debug = { debug }
    this.table = new RouteTable(routerOptionsOf(app))
  }

  get policy(): Policy {
    return this.#policy
  }

  /** What was made of policy and routes. */
  get inForce(): InForce {
    if (this.#inForce !== undefined) return this.#inForce
    throw new SafeconductError(
      'SAFECONDUCT_NOT_READY',
      'safeconduct: asked before `app.ready()`; the routes are not known yet',
    )
  }

  /** The hook of Fastify: puts a route into the table, and its entry into the route's config. */
  declare(options: RouteOptions & { routePath: string; prefix: string }): void {
    const { method, url, constraints = {}, config, routePath, prefix, prefixTrailingSlash } = options
    if ('host' in constraints && !this.table.hasHost) this.table.hostIsShown = !this.#app.hasConstraintStrategy('host')
    const methods = Array.isArray(method) ? [...method] : [method]
    const route = this.table.add({ methods, url, constraints: { ...constraints }, cors: config?.cors })
    options.config = { ...config, [this.#entry]: route } as FastifyContextConfig
    // With a path of "" in a prefix Fastify may declare the prefix with a slash too, and does not tell. Of a route for HEAD it
    // does not; a list of methods with HEAD in it is another thing.
    const mayBeTwice = routePath === '' && (prefixTrailingSlash ?? 'both') === 'both' && method !== 'HEAD'
    const second = mayBeTwice && !this.#isDeclared(route, `${prefix}/`) ? `${prefix}/` : undefined
    this.#declared.push({ route, options, second })
  }

  /** Called when no more routes can come. */
  ready(): void {
    for (const declared of this.#declared) {
      const { route, options, second } = declared
      this.#refuseChanges(declared)
      // A later hook of the application may have said another rule, or that nobody is allowed.
      route.cors = options.config?.cors
      if (second === undefined || !this.#isDeclared(route, second)) continue
      if (!this.table.knows(route.methods[0] ?? '', second, route.constraints)) this.table.place(route, second)
    }
    this.#declared = []
    this.#addUnseen()
    this.#inForce = bind(this.#policy, this.table)
  }

  /** What a later hook made of a route, it may not be known by; and without its entry its requests are not known. */
  #refuseChanges({ route, options, second }: Declared): void {
    const { method, url, constraints = {}, config } = options
    const methods = [method].flat()
    const isSame =
      (config as Config | undefined)?.[this.#entry] === route &&
      (url === route.url || url === second) &&
      methods.length === route.methods.length &&
      methods.every((name) => route.methods.includes(name)) &&
      constraintsText(constraints) === constraintsText(route.constraints)
    if (isSame) return
    const message = `safeconduct: an \`onRoute\` hook changed ${routeName(route)} after safeconduct had seen it; let it run before, or leave the method, the URL and the constraints as they are and add to the \`config\` that is there`
    throw new SafeconductError('SAFECONDUCT_ROUTES', message)
  }

  #isDeclared({ methods, constraints }: Route, url: string): boolean {
    return this.#app.hasRoute({ method: methods[0] as 'GET', url, constraints })
  }

  #addUnseen(): void {
    const printed = printedRoutes(this.#app.printRoutes())
    if (countEntries(printed) === this.table.entries) return
    const unseen = unseenRoutes(printed, this.table)
    const unreadable = unseen.find(({ constraints: { host } }) => typeof host === 'string' && host.startsWith('/'))
    if (unreadable === undefined) {
      for (const route of unseen) this.table.add(route)
      if (countEntries(printed) === this.table.entries) return
    }
    const names = (unreadable === undefined ? unseen : [unreadable]).map(routeName).join(', ')
    const message = `safeconduct: routes were declared before the plugin, and cannot be told from others (${names}); register it first, with \`await\``
    throw new SafeconductError('SAFECONDUCT_ROUTES', message)
  }

  /** Atomic. A policy that cannot be read, does not compile or does not fit the routes throws, and the old one stays. */
  replace(source: PolicySource): readonly string[] {
    const { policy, warnings } = loadPolicy(source)
    const inForce = this.#inForce && bind(policy, this.table, this.#inForce)
    this.#policy = policy
    this.#inForce = inForce
    this.#plain = new PlainAnswers()
    return [...warnings, ...(inForce?.doubts ?? [])]
  }

  describe(request: RequestLike): CorsRequest {
    return describeRequest(rawOf(request), this.#routeOf(request), this.table, this.inForce)
  }

  decide(request: RequestLike): Decision {
    const { inForce } = this
    const raw = rawOf(request)
    const own = this.#routeOf(request)
    const described = describeRequest(raw, own, this.table, inForce)
    const decision = evaluate(inForce.enforced, described, this.#debug)
    this.#plain.keep(described, own, decision)
    return decision
  }

  /** The answer that its route has given to a request like it, without `Origin`. */
  plainAnswer(request: FastifyRequest): PlainAnswer | undefined {
    return request.raw.headers.origin === undefined ? this.#plain.find(request.raw, this.#routeOf(request)) : undefined
  }

  /** Where the request ran into. */
  placeOf(request: FastifyRequest): Place {
    const config = this.#configOf(request) as Config
    return config[this.#entry] ?? config
  }

  explain(request: RequestLike): Explanation {
    const described = this.describe(request)
    const route = decidingRoute(described, rawOf(request), this.#routeOf(request), this.table)
    return explanation(described, this.decide(request), route)
  }

  isOriginAllowed(request: RequestLike): boolean {
    return isUpgradeAllowed(this.inForce.enforced, this.describe(request))
  }

  /** Of a preflight, which is decided by another route than it runs into, it does not matter. */
  #routeOf(request: RequestLike): OwnRoute {
    if (!('raw' in request)) return routeAt(this.table, request.method ?? '', request) ?? 'none'
    if (isPreflightOf(request.raw)) return 'none'
    const config = this.#configOf(request) as Config
    return config[this.#entry] ?? (config.url === undefined ? 'none' : 'unseen')
  }
}

function rawOf(request: RequestLike): RawRequest {
  return 'raw' in request ? request.raw : request
}
