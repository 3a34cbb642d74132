/** A server that has the policy in force, and what a case asks of it. */
import type { HeaderList } from '../browser/header-list.js'
import { type Answer, type Outcome, type SentRequest, wouldBrowserAllow } from '../browser/would-browser-allow.js'
import { corsRequest } from '../evaluate/cors-request.js'
import type { Decision } from '../evaluate/decision.js'
import { evaluate } from '../evaluate/evaluate.js'
import type { CorsRequest } from '../evaluate/request.js'
import type { CompiledPolicy } from '../policy/policy.js'
import { canonicalPath } from '../web/path.js'
import type { FetchDocument, RequestDocument, RouteDocument } from './document.js'

/** A request that reached the server, and its decision. */
export interface Decided {
  readonly request: CorsRequest
  readonly decision: Decision
}

export function decide(policy: CompiledPolicy, request: CorsRequest): Decided {
  return { request, decision: evaluate(policy, request) }
}

/** The request of a case, as `evaluate` sees it. */
export function requestOf(policy: CompiledPolicy, document: RequestDocument): CorsRequest {
  const { method, path, url = '', origin, requestMethod, requestHeaders } = document
  const names = typeof requestHeaders === 'object' ? requestHeaders.join(',') : requestHeaders
  return {
    method: method ?? (requestMethod === undefined ? 'GET' : 'OPTIONS'),
    path: canonicalPath(path ?? url, policy.router),
    ...(origin === undefined ? {} : { origin }),
    ...(requestMethod === undefined ? {} : { requestMethod }),
    ...(names === undefined ? {} : { requestHeaders: names }),
    ...routeOf(document),
  }
}

export function routeOf({ rule, servedMethods }: RouteDocument): Pick<CorsRequest, 'rule' | 'servedMethods'> {
  return { ...(rule === undefined ? {} : { rule }), ...(servedMethods === undefined ? {} : { servedMethods }) }
}

/** A fetch as a browser played it. */
export interface Played {
  readonly outcome: Outcome
  /** All that the server saw, preflights included, in order; empty where the browser sent nothing. */
  readonly decided: readonly Decided[]
}

/** Where `path` alone is given: of no page's origin. */
const elsewhere = 'https://server.invalid'

/** A response header that no policy names. */
export const unnamedHeader = 'x-unnamed'

export function play(policy: CompiledPolicy, document: FetchDocument): Played {
  const {
    from,
    path = '',
    url = elsewhere + path,
    method = 'GET',
    headers = {},
    credentials = 'same-origin',
  } = document
  const decided: Decided[] = []
  const server = (sent: SentRequest): Answer => {
    const request = { ...corsRequest(sent.method, sent.target, sent.headers, policy.router), ...routeOf(document) }
    const last = decide(policy, request)
    decided.push(last)
    return answerTo(policy, last.decision)
  }
  return { outcome: wouldBrowserAllow({ from, url, method, headers, credentials }, server), decided }
}

/** The application sends every response header that the rule can expose, and one that no rule names. */
function answerTo(policy: CompiledPolicy, decision: Decision): Answer {
  const own = Object.entries(decision.headers)
  if (decision.kind === 'preflight') return { status: decision.status, headers: own }
  const names = policy.rulesById.get(decision.ruleId ?? '')?.grants.flatMap((grant) => grant.exposedHeaders) ?? []
  const sent: HeaderList = [...new Set([...names.filter((name) => name !== '*'), unnamedHeader])].map((name) => [
    name,
    '1',
  ])
  return { status: 200, headers: [...own, ...sent] }
}
