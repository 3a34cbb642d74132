/**
 * Decisions that depend on nothing but the rule: made once, at the rule's first request, and then handed out. In every
 * refusal the only header is `Vary`.
 */
import type { CompiledRule } from '../policy/policy.js'
import type { ActualDecision, DecisionHeaders, NonCorsDecision, PreflightDecision, Reason } from './decision.js'

type Refusal = Exclude<Reason, 'allowed'>

const refusals: readonly Refusal[] = [
  'no-rule',
  'unknown-rule',
  'nobody-allowed',
  'origin-malformed',
  'origin-not-allowed',
  'method-malformed',
  'method-not-allowed',
  'request-headers-malformed',
  'request-headers-not-allowed',
  'path-malformed',
]

export interface Answers {
  readonly nonCors: NonCorsDecision
  readonly nonCorsOptions: NonCorsDecision
  readonly actual: Readonly<Record<Refusal, ActualDecision>>
  readonly actualOptions: Readonly<Record<Refusal, ActualDecision>>
  readonly preflight: Readonly<Record<Refusal, PreflightDecision>>
}

const noHeaders: DecisionHeaders = Object.freeze({})

const noVary: readonly string[] = Object.freeze([])
const varyOrigin: readonly string[] = Object.freeze(['Origin'])
const varyOptions: readonly string[] = Object.freeze([
  'Origin',
  'Access-Control-Request-Method',
  'Access-Control-Request-Headers',
])

/** What the answers of a rule vary on, OPTIONS and preflights apart (Fetch, "CORS protocol and HTTP caches"). */
export function varyOf(rule: CompiledRule | undefined, isOptions: boolean): readonly string[] {
  if (rule === undefined || rule.grants.length === 0) return noVary
  if (isOptions) return varyOptions
  return rule.isPublic ? noVary : varyOrigin
}

/** The answers of a rule, or of no rule. */
export function answersOf(rule: CompiledRule | undefined): Answers {
  if (rule === undefined) return answersOfNoRule
  rule.memo.kept ??= makeAnswers(rule)
  return rule.memo.kept as Answers
}

const answersOfNoRule: Answers = makeAnswers(undefined)

function makeAnswers(rule: CompiledRule | undefined): Answers {
  const id = rule === undefined ? {} : { ruleId: rule.id }
  const vary = varyOf(rule, false)
  const varyOnOptions = varyOf(rule, true)
  const nonCors = { kind: 'non-cors', ...id, reason: 'no-origin', headers: noHeaders } as const
  const actual = (reason: Refusal, on: readonly string[]): ActualDecision =>
    Object.freeze({ kind: 'actual', allowed: false, ...id, reason, headers: noHeaders, vary: on })
  return {
    nonCors: Object.freeze({ ...nonCors, vary }),
    nonCorsOptions: Object.freeze({ ...nonCors, vary: varyOnOptions }),
    actual: byReason((reason) => actual(reason, vary)),
    actualOptions: byReason((reason) => actual(reason, varyOnOptions)),
    preflight: byReason((reason) =>
      Object.freeze({
        kind: 'preflight',
        allowed: false,
        ...id,
        reason,
        status: 403,
        headers: noHeaders,
        vary: varyOnOptions,
      }),
    ),
  }
}

function byReason<D>(make: (reason: Refusal) => D): Readonly<Record<Refusal, D>> {
  return Object.fromEntries(refusals.map((reason) => [reason, make(reason)])) as Record<Refusal, D>
}
