/**
 * The invariants of a policy at routes that name a rule: there it decides paths that are not its own, and the policy alone
 * does not tell.
 *
 * A route's globs may say more than its pattern takes, or than other routes leave to it. So what breaks a promise is looked
 * up in the router, and so are a few requests like it: if one comes to the route the promise is broken, if none it is in doubt.
 */
import { type Policy, quote } from '@safeconduct/core'
import { type Counterexample, type NamedPlace, proveAt, type Query } from '@safeconduct/core/analysis'
import { routeNames } from './route-name.js'
import type { Route, RouteTable } from './routes.js'

export interface Promises {
  /** A sentence for each promise that a request breaks. */
  readonly broken: readonly string[]
  /** A sentence for each that a request might break. */
  readonly doubtful: readonly string[]
}

/** Precondition: every name in the routes' configuration is a rule of the policy. */
export function promisesAt(policy: Policy, table: RouteTable): Promises {
  const broken: string[] = []
  const doubtful: string[] = []
  // A promise about all paths is kept by the rule wherever it decides: the policy's own proof covers it.
  const about = policy.invariants.filter(({ never }) => never.paths !== undefined)
  for (const routes of about.length === 0 ? [] : namingRoutes(table)) {
    const [{ cors, globs }] = routes
    const place = { rule: cors as string, paths: globs, methods: [...new Set(routes.flatMap((r) => r.methods))] }
    for (const { id, because, never } of about) {
      const { holds, counterexample } = proveAt(policy, place, never)
      if (holds) continue
      const arriving = counterexample && arrivingLike(counterexample, routes, table, policy, place, never)
      const promise = `invariant ${quote(id)}${because === undefined ? '' : ` (${quote(because)})`}`
      const names = `${routeNames(routes)}: \`config.cors\` names ${quote(place.rule)}, which`
      if (counterexample === undefined)
        broken.push(`${names} cannot be shown to keep ${promise}: the globs combine in too many ways`)
      else if (arriving === undefined)
        doubtful.push(`${names} may break ${promise}, if ${shown(counterexample)} or one like it comes there`)
      else broken.push(`${names} breaks ${promise}: it allows ${shown(arriving)}; name another rule, or narrow it`)
    }
  }
  return { broken, doubtful }
}

/** Routes that name a rule; those of one rule and the same paths together, as Fastify declares HEAD apart from GET. */
function namingRoutes({ routes }: RouteTable): readonly (readonly [Route, ...Route[]])[] {
  const groups = new Map<string, [Route, ...Route[]]>()
  for (const route of routes) {
    if (typeof route.cors !== 'string' || route.isUnseen === true) continue
    const key = [route.cors, ...route.globs].join('\n')
    const group = groups.get(key)
    if (group) group.push(route)
    else groups.set(key, [route])
  }
  return [...groups.values()]
}

/** What a parameter, an expression or another route may let by where it keeps the first request out. */
const words = ['7', 'b', 'a-b', 'a.json']

/** This request, or else one like it, that comes to one of the routes and breaks the promise there. */
function arrivingLike(
  found: Counterexample,
  routes: readonly Route[],
  table: RouteTable,
  policy: Policy,
  place: NamedPlace,
  never: Query,
): Counterexample | undefined {
  const { path = '', requestMethod, method } = found.request
  const arrives = (to: string): boolean => routes.some((route) => comesTo(route, requestMethod ?? method, to, table))
  if (arrives(path)) return found
  for (const other of pathsLike(path)) {
    // As a glob such a path is itself only.
    const proof = arrives(other) ? proveAt(policy, { ...place, paths: [other] }, never) : undefined
    if (proof?.counterexample !== undefined) return proof.counterexample
  }
  return undefined
}

/** Paths that differ in one segment, or have one more. */
function pathsLike(path: string): readonly string[] {
  if (!/^[\w./-]+$/.test(path)) return []
  const segments = path.split('/')
  return words.flatMap((word) => [
    ...segments.slice(1).map((_, i) => segments.with(i + 1, word).join('/')),
    `${path}/${word}`,
  ])
}

function comesTo(route: Route, method: string, path: string, table: RouteTable): boolean {
  const { host } = route.constraints
  // Which hosts an expression takes is not known here; that it takes one is to be feared.
  if (host !== undefined && typeof host !== 'string') return true
  return table.find(method, path, host)?.routes.includes(route) === true
}

function shown({ request, credentials }: Counterexample): string {
  const { requestMethod, method, path = '', origin = '' } = request
  return `${quote(`${requestMethod ?? method} ${path}`)} from ${quote(origin)}${credentials ? ' with credentials' : ''}`
}
