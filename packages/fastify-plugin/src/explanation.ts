/** Why a request is decided as it is, as far as the server knows: the route and the rule that decide it. */
import { type CorsRequest, type Decision, isPreflight, quote } from '@safeconduct/core'
import { routeName } from './route-name.js'
import type { Route } from './routes.js'

export interface Explanation {
  /** What the policy was asked. */
  readonly request: CorsRequest
  readonly decision: Decision
  /** The route that the request ran into, or that a preflight announces; absent where there is none. */
  readonly route?: { readonly methods: readonly string[]; readonly url: string }
  /**
   * How the rule was chosen: by the route's `config.cors`, by the path, or not at all, for the route was declared before the
   * plugin.
   */
  readonly chosenBy: 'config.cors' | 'path' | 'unseen'
  /** All of it in one line. */
  readonly sentence: string
}

export function explanation(request: CorsRequest, decision: Decision, route: Route | undefined): Explanation {
  const isUnseen = route === undefined ? request.rule === false : route.isUnseen === true
  const chosenBy = isUnseen ? 'unseen' : route?.cors === undefined ? 'path' : 'config.cors'
  return {
    request,
    decision,
    ...(route === undefined ? {} : { route: { methods: route.methods, url: route.url } }),
    chosenBy,
    sentence: `${subject(request)}: ${verdict(decision)}; ${choice(chosenBy, decision, route)}`,
  }
}

function subject(request: CorsRequest): string {
  const target = request.path === undefined ? 'a path that has no canonical form' : quote(request.path)
  const origin = request.origin === undefined ? 'without Origin' : `from ${quote(request.origin)}`
  const kind = isPreflight(request) ? `preflight for ${quote(request.requestMethod ?? '')}` : quote(request.method)
  return `${kind} of ${target} ${origin}`
}

function verdict(decision: Decision): string {
  if (decision.kind === 'non-cors') return 'no CORS request'
  return decision.allowed ? 'allowed' : `refused, ${decision.reason}`
}

function choice(chosenBy: Explanation['chosenBy'], { ruleId }: Decision, route: Route | undefined): string {
  const at = route === undefined ? 'no route' : `route ${routeName(route)}`
  if (chosenBy === 'unseen') return `${at}, declared before the plugin: nobody is allowed`
  const rule = ruleId === undefined ? 'no rule' : `rule ${quote(ruleId)}`
  return chosenBy === 'path' ? `${at}, ${rule} by the path` : `${at}, ${rule} by its \`config.cors\``
}
