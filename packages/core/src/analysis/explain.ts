/**
 * Why a request is decided as it is: every step with its verdict, not just the first that fails, and what would have
 * matched. The decision is `evaluate`'s own; the steps only show what it looked at.
 */
import { coversHeader, methodRefusal, requestedNames } from '../evaluate/coverage.js'
import { decidingHit, decidingRule } from '../evaluate/deciding.js'
import type { Decision } from '../evaluate/decision.js'
import { type EvaluateOptions, evaluate, isPreflight } from '../evaluate/evaluate.js'
import type { CorsRequest } from '../evaluate/request.js'
import { matchesWords } from '../pattern/states.js'
import { isListed } from '../policy/external-origins.js'
import { nearWord } from '../policy/near-key.js'
import type { CompiledPolicy, CompiledRule, Policy, PolicyGrant } from '../policy/policy.js'
import { parseOrigin } from '../web/origin.js'
import { isCanonicalPath } from '../web/path.js'
import { type ConsoleMessages, consoleMessages } from './console-message.js'
import { methodNearMisses, nameNearMisses, originNearMisses, pathNearMisses } from './near-miss.js'
import { pathFault } from './path-fault.js'

export type Verdict = 'pass' | 'fail' | 'not-reached'

/** One question that the decision depends on. */
export interface ExplanationStep {
  readonly step: 'path' | 'rule' | 'origin' | 'grant' | 'method' | 'request-headers'
  readonly verdict: Verdict
  /** The clause that asks it. */
  readonly source: string
  /** What was found. */
  readonly detail: string
  /** What would have passed, closest first. */
  readonly nearMisses: readonly string[]
}

export interface Explanation {
  readonly request: CorsRequest
  readonly decision: Decision
  /** The rule that decides, the glob by which the path comes to it, and the globs of other rules that it won over. */
  readonly rule?: {
    readonly id: string
    readonly glob?: string
    readonly over: readonly { readonly id: string; readonly glob: string }[]
  }
  /** The grant that decides: its place in the rule, and the origin or glob that matched. */
  readonly grant?: PolicyGrant & { readonly index: number; readonly origin: string }
  readonly steps: readonly ExplanationStep[]
  /** What a browser's console says of a script that may not read; absent where it may, and where no page sends the request. */
  readonly console?: ConsoleMessages
  /** The same where the script sends credentials, if that is another story: they are not granted, or by `*` only. */
  readonly consoleWithCredentials?: ConsoleMessages
}

export interface ExplainOptions extends EvaluateOptions {
  /** The request target as received: where it has no canonical path, the explanation says why. */
  readonly target?: string
}

export function explain(policy: Policy, request: CorsRequest, options?: ExplainOptions): Explanation {
  const compiled = policy as CompiledPolicy
  const decision = evaluate(policy, request, options)
  const found = decidingRule(compiled, request)
  const rule = typeof found === 'string' ? undefined : found
  const steps: ExplanationStep[] = [pathStep(request, options?.target), ruleStep(compiled, request, found)]
  const hit = rule && hitIn(rule, request)
  const grant = typeof hit === 'object' ? hit.grant : undefined
  if (request.origin !== undefined) {
    steps.push(
      originStep(request.origin, rule !== undefined && isUnread(rule, request)),
      grantStep(rule, request.origin, hit),
      methodStep(grant, request),
    )
    if (isPreflight(request)) steps.push(headersStep(grant, request.requestHeaders))
  }
  const messages = consoleMessages(policy, request, 'omit', options)
  const withCredentials = consoleMessages(policy, request, 'include', options)
  const differs = withCredentials?.chromium !== messages?.chromium
  return {
    request,
    decision,
    ...(rule ? { rule: { id: rule.id, ...winner(compiled, request) } } : {}),
    ...(rule && grant && request.origin !== undefined
      ? {
          grant: { ...documented(grant), index: rule.grants.indexOf(grant), origin: matchedGlob(rule, request.origin) },
        }
      : {}),
    steps,
    ...(messages ? { console: messages } : {}),
    ...(withCredentials && differs ? { consoleWithCredentials: withCredentials } : {}),
  }
}

/** A rule that is for anyone does not look at the origin outside preflights, so that its answers need not vary. */
function isUnread({ isPublic }: CompiledRule, request: CorsRequest): boolean {
  return isPublic && !isPreflight(request)
}

/** As `evaluate` finds it. */
function hitIn(rule: CompiledRule, request: CorsRequest): ReturnType<typeof decidingHit> | undefined {
  if (request.origin === undefined || rule.grants.length === 0) return undefined
  return isUnread(rule, request) && rule.anyone ? rule.anyone : decidingHit(rule, request.origin)
}

/** The fields of a grant that its author wrote. */
function documented(grant: PolicyGrant): PolicyGrant {
  const { origins, methods, requestHeaders, exposedHeaders, credentials, maxAge, accept } = grant
  return { origins, methods, requestHeaders, exposedHeaders, credentials, maxAge, accept }
}

function winner(
  policy: CompiledPolicy,
  { path = '', rule }: CorsRequest,
): Pick<NonNullable<Explanation['rule']>, 'glob' | 'over'> {
  if (rule !== undefined) return { over: [] }
  const entry = policy.pathIndex.entry(path)
  const words = path.slice(1).split('/')
  const over = policy.rules
    .filter(({ id }) => id !== entry?.value)
    .flatMap(({ id, patterns }) =>
      patterns.filter((p) => matchesWords(p.language, words)).map((p) => ({ id, glob: p.text })),
    )
  return { ...(entry ? { glob: entry.pattern.text } : {}), over }
}

/** The origin or glob of the rule that matches: exact, pattern, or `*`. */
function matchedGlob(rule: CompiledRule, origin: string): string {
  if (isListed(rule, origin)) return origin
  const parsed = parseOrigin(origin)
  return (parsed && rule.originPatterns?.entry(parsed)?.pattern.text) ?? '*'
}

function pathStep({ path }: CorsRequest, target: string | undefined): ExplanationStep {
  const source = 'safeconduct, canonical path'
  const isCanonical = path !== undefined && isCanonicalPath(path)
  const fault = target === undefined ? '' : `: ${pathFault(target)}`
  const detail = isCanonical ? `the canonical path is ${path}` : `the request target has no canonical path${fault}`
  return { step: 'path', verdict: isCanonical ? 'pass' : 'fail', source, detail, nearMisses: [] }
}

function ruleStep(
  policy: CompiledPolicy,
  request: CorsRequest,
  found: ReturnType<typeof decidingRule>,
): ExplanationStep {
  const source = 'safeconduct, most specific path glob'
  if (typeof found === 'object') {
    const { glob } = winner(policy, request)
    const by = glob === undefined ? 'named by the route' : `by ${glob}`
    if (found.grants.length > 0)
      return { step: 'rule', verdict: 'pass', source, detail: `rule ${found.id}, ${by}`, nearMisses: [] }
    return { step: 'rule', verdict: 'fail', source, detail: `rule ${found.id}, ${by}, allows nobody`, nearMisses: [] }
  }
  const details = {
    'path-malformed': 'no rule decides a path that is not canonical',
    'no-rule': 'no rule has a glob that matches the path',
    'unknown-rule': noSuchRule(policy, String(request.rule)),
    'nobody-allowed': 'the route says that nobody is allowed',
  }
  const nearMisses = found === 'no-rule' ? pathNearMisses(policy, request.path ?? '') : []
  return {
    step: 'rule',
    verdict: found === 'path-malformed' ? 'not-reached' : 'fail',
    source,
    detail: details[found],
    nearMisses,
  }
}

function noSuchRule({ rules }: CompiledPolicy, id: string): string {
  const near = nearWord(
    id,
    rules.map((rule) => rule.id),
  )
  return `the policy has no rule ${id}${near === undefined ? '' : `; did you mean ${near}?`}`
}

function originStep(origin: string, unread: boolean): ExplanationStep {
  const wellFormed = origin === 'null' || parseOrigin(origin) !== undefined
  if (unread && !wellFormed) {
    const detail = 'the rule is for anyone, and does not look at the header'
    return { step: 'origin', verdict: 'pass', source: 'safeconduct, rules for anyone', detail, nearMisses: [] }
  }
  const detail = wellFormed ? `${origin} is a serialized origin` : 'the header is not one serialized origin'
  return {
    step: 'origin',
    verdict: wellFormed ? 'pass' : 'fail',
    source: 'Fetch, "`Origin` header"',
    detail,
    nearMisses: [],
  }
}

function grantStep(
  rule: CompiledRule | undefined,
  origin: string,
  hit: ReturnType<typeof decidingHit> | undefined,
): ExplanationStep {
  const source = 'Fetch, "CORS check"'
  if (rule === undefined || hit === undefined)
    return { step: 'grant', verdict: 'not-reached', source, detail: 'no rule, no grant', nearMisses: [] }
  if (typeof hit === 'object') {
    const detail = `granted by ${matchedGlob(rule, origin)}, ${hit.grant.credentials ? 'with' : 'without'} credentials`
    return { step: 'grant', verdict: 'pass', source, detail, nearMisses: [] }
  }
  return {
    step: 'grant',
    verdict: 'fail',
    source,
    detail: `no grant of rule ${rule.id} covers the origin`,
    nearMisses: originNearMisses(rule, origin),
  }
}

function methodStep(grant: CompiledRule['grants'][number] | undefined, request: CorsRequest): ExplanationStep {
  const preflight = isPreflight(request)
  const method = preflight ? (request.requestMethod ?? '') : request.method
  const source = preflight ? 'Fetch, "CORS-preflight fetch", step 7.5' : 'safeconduct, methods are enforced'
  if (grant === undefined)
    return { step: 'method', verdict: 'not-reached', source, detail: 'no grant, no methods', nearMisses: [] }
  const refusal = methodRefusal(grant, method, request.servedMethods)
  const allowed = grant.methods === 'served' ? (request.servedMethods ?? []) : grant.methods
  const list = allowed.length === 0 ? 'none, since nothing is known to be served here' : allowed.join(', ')
  if (refusal === undefined)
    return { step: 'method', verdict: 'pass', source, detail: `${method} is among ${list}`, nearMisses: [] }
  const detail = refusal === 'method-malformed' ? 'the method is not a token' : `the grant's methods are ${list}`
  return { step: 'method', verdict: 'fail', source, detail, nearMisses: methodNearMisses(allowed, method) }
}

function headersStep(
  grant: CompiledRule['grants'][number] | undefined,
  requestHeaders: string | undefined,
): ExplanationStep {
  const source = 'Fetch, "CORS-preflight fetch", steps 7.6 and 7.7'
  const step = 'request-headers'
  if (grant === undefined)
    return { step, verdict: 'not-reached', source, detail: 'no grant, no request headers', nearMisses: [] }
  const names = requestedNames(requestHeaders)
  if (names === undefined)
    return {
      step,
      verdict: 'fail',
      source,
      detail: 'the header is not a list of names within the bounds',
      nearMisses: [],
    }
  const refused = [...names].filter((name) => !coversHeader(grant, name))
  if (refused.length === 0)
    return {
      step,
      verdict: 'pass',
      source,
      detail: names.size === 0 ? 'none is asked for' : 'all are granted',
      nearMisses: [],
    }
  const granted = grant.requestHeaders.length === 0 ? 'none' : grant.requestHeaders.join(', ')
  return {
    step,
    verdict: 'fail',
    source,
    detail: `${refused.join(', ')} not granted; the grant's request headers are ${granted}`,
    nearMisses: refused.flatMap((name) => nameNearMisses(grant.requestHeaders, name)),
  }
}
