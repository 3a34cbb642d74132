/**
 * A policy held against the routes: which rule decides each. All of it is made anew for a new policy and put in force at
 * once, or not at all.
 */
import {
  compilePolicy,
  foldPolicy,
  type Policy,
  PolicyError,
  quote,
  type RouterOptions,
  rulesMet,
} from '@safeconduct/core'
import { proveInvariants } from '@safeconduct/core/analysis'
import { SafeconductError } from './error.js'
import { promisesAt } from './promises.js'
import { few, routeName, routeNames } from './route-name.js'
import type { Place, Route, RouteTable } from './routes.js'

/** Decided by this rule; `false`: nobody is allowed; `undefined`: decided by path, request by request. */
export type Binding = string | false | undefined

export interface InForce {
  /** For the application's router. */
  readonly enforced: Policy
  /** By the routes' index. */
  readonly bindings: readonly Binding[]
  /** The rules that each route's paths meet, a name set aside: by the routes' index. */
  readonly met: readonly (readonly (string | undefined)[])[]
  /** Some route names its rule, so the methods of one URL may meet different ones. */
  readonly namesRules: boolean
  /** Rules with a grant for the methods that are served. */
  readonly servedRules: ReadonlySet<string>
  /** Rules that allow somebody. */
  readonly grantingRules: ReadonlySet<string>
  /** Promises of the policy that a route which names a rule may break. */
  readonly doubts: readonly string[]
}

/**
 * `before`: what was made of another policy and the same routes; spares the analysis where the paths are the same.
 *
 * @throws SafeconductError with everything on which policy and routes do not agree.
 */
export function bind(policy: Policy, table: RouteTable, before?: InForce): InForce {
  const enforced = folded(policy, table)
  const ids = idsOf(enforced.rules)
  const met = before && samePaths(before.enforced, enforced) ? before.met : metByRoutes(enforced, table.routes)
  const problems = nameProblems(table.routes, ids)
  const bindings = table.routes.map((route, i) => bindingOf(route, met[i] ?? []))
  if (problems.length === 0) problems.push(...hiddenProblems(table, bindings))
  const promises = problems.length === 0 ? promisesAt(enforced, table) : undefined
  problems.push(...(promises?.broken ?? []))
  if (problems.length > 0) {
    throw new SafeconductError(
      'SAFECONDUCT_ROUTES',
      `safeconduct: the policy does not fit the routes\n${problems.join('\n')}`,
    )
  }
  return {
    enforced,
    bindings,
    met,
    namesRules: table.routes.some(namesRule),
    servedRules: idsOf(enforced.rules.filter(({ grants }) => grants.some(({ methods }) => methods === 'served'))),
    grantingRules: idsOf(enforced.rules.filter(({ grants }) => grants.length > 0)),
    doubts: promises?.doubtful ?? [],
  }
}

function idsOf(rules: Policy['rules']): Set<string> {
  return new Set(rules.map(({ id }) => id))
}

/** The policy as this router reads paths, and its promises with it: it may come folded for another router, or for none. */
function folded(policy: Policy, { options }: RouteTable): Policy {
  if (foldsOf(policy.router) === foldsOf(options)) return policy
  try {
    const own = foldPolicy(policy, options)
    const broken = proveInvariants(own)
    if (broken.length > 0) throw new PolicyError(broken)
    return own
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    const message = `safeconduct: the policy does not compile for a router that folds paths\n${error.message}`
    throw new SafeconductError('SAFECONDUCT_POLICY', message, error)
  }
}

function foldsOf(router: RouterOptions): string {
  const { caseSensitive, ignoreTrailingSlash, ignoreDuplicateSlashes, useSemicolonDelimiter } = router
  return [
    caseSensitive !== false,
    ...[ignoreTrailingSlash, ignoreDuplicateSlashes, useSemicolonDelimiter].map(Boolean),
  ].join()
}

function samePaths({ rules: a }: Policy, { rules: b }: Policy): boolean {
  const text = ({ id, paths }: Policy['rules'][number]): string => [id, ...paths].join('\n')
  return a.length === b.length && a.every((rule, i) => text(rule) === text(b[i] as Policy['rules'][number]))
}

function metByRoutes(policy: Policy, routes: readonly Route[]): (readonly (string | undefined)[])[] {
  const known = new Map<string, readonly (string | undefined)[]>()
  return routes.map(({ globs }) => {
    const key = globs.join('\n')
    const met = known.get(key) ?? rulesMet(policy, globs)
    known.set(key, met)
    return met
  })
}

function namesRule({ cors, isUnseen }: Route): boolean {
  return cors !== undefined || isUnseen === true
}

function bindingOf(route: Route, met: readonly (string | undefined)[]): Binding {
  if (route.isUnseen === true || route.cors === false) return false
  if (typeof route.cors === 'string') return route.cors
  return met.length === 1 ? met[0] : undefined
}

/** What `config.cors` holds besides rules of the policy: once for all routes that hold the same. */
function nameProblems(routes: readonly Route[], ids: ReadonlySet<string>): string[] {
  const bad = routes.filter(
    ({ cors }) => cors !== undefined && cors !== false && !(typeof cors === 'string' && ids.has(cors)),
  )
  return [...new Set(bad.map(({ cors }) => cors))].map((cors) => {
    const place = `${routeNames(bad.filter((route) => route.cors === cors))}: \`config.cors\``
    if (typeof cors !== 'string')
      return `${place} is of type ${typeof cors}; give the id of a rule, or false for nobody`
    return `${place} names ${quote(cors)}, which is no rule of the policy; the rules are ${few([...ids].map(quote))}`
  })
}

/**
 * Routes that a preflight cannot tell apart must come to one rule. A route with a hidden constraint is passed over for
 * requests that do not meet it, and a version passes over routes that have none: so every route that shares a path with
 * such a one may be the one that runs.
 */
function hiddenProblems(table: RouteTable, bindings: readonly Binding[]): string[] {
  const sameRule = (a: Route, b: Route): boolean => {
    // A route that names a rule is bound, so of two that are not bound neither names one.
    return (!namesRule(a) && !namesRule(b)) || bindings[a.index] === bindings[b.index]
  }
  const problems = new Set<string>()
  const hidden = table.places.filter(({ routes }) => routes.some(({ isHidden }) => isHidden))
  for (const place of hidden) {
    for (const other of table.places) {
      if (other.method !== place.method) continue
      const pair = differing(place, other, sameRule)
      if (pair !== undefined && (place === other || overlap(place, other, table)))
        problems.add(hiddenSentence(pair, table))
    }
  }
  return [...problems]
}

function differing(a: Place, b: Place, sameRule: (a: Route, b: Route) => boolean): [Route, Route] | undefined {
  for (const one of a.routes) {
    for (const other of b.routes)
      if (!sameRule(one, other)) return one.index < other.index ? [one, other] : [other, one]
  }
  return undefined
}

/** Whether some path comes to both: asked of a policy with the one's globs. */
function overlap(a: Place, b: Place, table: RouteTable): boolean {
  const globsOf = (place: Place): string[] => [...new Set(place.routes.flatMap(({ globs }) => globs))]
  try {
    const policy = compilePolicy({ version: 1, rules: [{ id: 'a', paths: globsOf(a), allow: [] }] })
    return rulesMet(folded(policy, table), globsOf(b)).includes('a')
  } catch {
    // Too complex to tell: then they may.
    return true
  }
}

function hiddenSentence([a, b]: readonly [Route, Route], { hostIsShown }: RouteTable): string {
  const constraints = new Set([a, b].flatMap((route) => Object.keys(route.constraints)))
  const names = [...constraints].filter((name) => name !== 'host' || !hostIsShown)
  return `routes ${routeName(a)} and ${routeName(b)} come to different rules, and a preflight does not show ${names.map(quote).join(', ')}; let both name one rule`
}
