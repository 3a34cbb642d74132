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
      const promise = `invariant ${quote(id)}${because === undefined ? '' : ` (${quote(because)})`}`
      const names = `${routeNames(routes)}: \`config.cors\` names ${quote(place.rule)}, which`
      if (counterexample === undefined) {
        broken.push(`${names} cannot be shown to keep ${promise}: the globs combine in too many ways`)
        continue
      }
      const arriving = [counterexample, ...similar(counterexample, place, never, policy)].find((each) =>
        routes.some((route) => comesTo(route, each, table)),
      )
      if (arriving !== undefined) {
        broken.push(`${names} breaks ${promise}: it allows ${shown(arriving)}; name another rule, or narrow it`)
      } else doubtful.push(`${names} may break ${promise}, if ${shown(counterexample)} or one like it comes there`)
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

/** Requests that break the promise as this one does, by paths that differ in one segment. */
function* similar(
  { request }: Counterexample,
  place: NamedPlace,
  never: Query,
  policy: Policy,
): Iterable<Counterexample> {
  const { path = '' } = request
  if (!/^[\w./-]+$/.test(path)) return
  const segments = path.split('/')
  for (const word of words) {
    const paths = segments.slice(1).map((_, i) => segments.with(i + 1, word).join('/'))
    // As a glob it is itself only. Whether it comes to the route is for the router to say.
    for (const glob of [...paths, `${path}/${word}`]) {
      const { counterexample } = proveAt(policy, { ...place, paths: [glob] }, never)
      if (counterexample !== undefined) yield counterexample
    }
  }
}

function comesTo(route: Route, { request }: Counterexample, table: RouteTable): boolean {
  const { host } = route.constraints
  // Which hosts an expression takes is not known here; that it takes one is to be feared.
  if (host !== undefined && typeof host !== 'string') return true
  const method = request.requestMethod ?? request.method
  const place = table.find(method, request.path ?? '', host)
  return place?.routes.includes(route) === true
}

function shown({ request, credentials }: Counterexample): string {
  const { requestMethod, method, path = '', origin = '' } = request
  return `${quote(`${requestMethod ?? method} ${path}`)} from ${quote(origin)}${credentials ? ' with credentials' : ''}`
}
