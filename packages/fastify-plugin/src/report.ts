/** What is told once, at start-up: where the policy and the routes leave each other alone. */
import { quote } from '@safeconduct/core'
import type { InForce } from './binding.js'
import type { CheckedOptions } from './options.js'
import { few, routeNames } from './route-name.js'
import type { Route, RouteTable } from './routes.js'

export interface Finding {
  readonly level: 'warn' | 'info'
  readonly sentence: string
  /** Whether it is told where nothing is logged too: what the reader of the code sees nothing of, and which nobody can want. */
  readonly isLoud?: true
}

export function startUpFindings(table: RouteTable, inForce: InForce, { attach }: CheckedOptions): readonly Finding[] {
  const unseen = table.routes.filter((route) => route.isUnseen === true)
  const unruled = table.routes.filter((route) => isUnruled(route, inForce))
  const routesOf = routesByRule(table, inForce)
  const idle = inForce.enforced.rules.map(({ id }) => id).filter((id) => !routesOf.has(id))
  return [
    ...(attach === 'preflight'
      ? [warning('`attach` is "preflight": the headers of actual responses are left to something else')]
      : []),
    ...listed(
      'warn',
      'routes declared before the plugin, where nobody is allowed; register it first, with `await`',
      routeNames(unseen),
    ).map((finding): Finding => ({ ...finding, isLoud: true })),
    ...listed('warn', 'rules without a route', few(idle.map(quote))),
    ...unservedMethods(routesOf, inForce).map(warning),
    ...inForce.doubts.map(warning),
    ...listed('info', 'routes without a rule, where nobody is allowed', routeNames(unruled)),
  ]
}

function warning(sentence: string): Finding {
  return { level: 'warn', sentence }
}

function listed(level: Finding['level'], what: string, names: string): Finding[] {
  return names === '' ? [] : [{ level, sentence: `${what}: ${names}` }]
}

function isUnruled(route: Route, { met }: InForce): boolean {
  if (route.cors !== undefined || route.isUnseen === true) return false
  return met[route.index]?.every((rule) => rule === undefined) === true
}

/** By the id of a rule: the routes that may come to it. A rule that no route comes to is not there. */
type RoutesByRule = ReadonlyMap<string, readonly Route[]>

function routesByRule({ routes }: RouteTable, { bindings, met }: InForce): RoutesByRule {
  const byRule = new Map<string, Route[]>()
  for (const route of routes) {
    const isNamed = route.cors !== undefined || route.isUnseen === true
    for (const rule of isNamed ? [bindings[route.index]] : (met[route.index] ?? [])) {
      if (typeof rule !== 'string') continue
      const known = byRule.get(rule)
      if (known === undefined) byRule.set(rule, [route])
      else known.push(route)
    }
  }
  return byRule
}

const defaultMethods = 'GET,HEAD,POST'

/** The defaults are not held against anybody: who wrote no methods listed none. */
function unservedMethods(routesOf: RoutesByRule, inForce: InForce): string[] {
  return inForce.enforced.rules.flatMap(({ id, grants }) => {
    const served = new Set(routesOf.get(id)?.flatMap(({ methods }) => methods))
    const listed = new Set(grants.flatMap(({ methods }) => (methods === 'served' || isDefault(methods) ? [] : methods)))
    const unserved = [...listed].filter(
      (method) => method !== '*' && !served.has(method) && !(method === 'HEAD' && listed.has('GET')),
    )
    return served.size === 0 || unserved.length === 0
      ? []
      : [`rule ${quote(id)} lists ${unserved.map(quote).join(', ')}, which no route of it serves`]
  })
}

function isDefault(methods: readonly string[]): boolean {
  return [...methods].sort().join() === defaultMethods
}
