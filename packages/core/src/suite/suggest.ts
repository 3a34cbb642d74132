/** The cases that a suite lacks. */
import { evaluate } from '../evaluate/evaluate.js'
import type { CorsRequest } from '../evaluate/request.js'
import type { CompiledPolicy, Policy } from '../policy/policy.js'
import { askedByRequest } from './asked.js'
import { checkedSuite } from './check.js'
import { suiteCoverage } from './coverage.js'
import type { CaseDocument, RequestDocument, SuiteDocument } from './document.js'
import type { RequestClass } from './request-class.js'
import { withSuiteOrigins } from './run.js'

/**
 * A case for each class of requests that the suite does not visit, to be added to it. What is expected is what the policy
 * says now: whether that is what it ought to say is for a person to review.
 *
 * @throws PolicyError as `runSuite` does.
 */
export function suggestCases(policy: Policy, suite: SuiteDocument): CaseDocument[] {
  const checked = checkedSuite(suite)
  const compiled = withSuiteOrigins(policy, checked, suite)
  const names = new Set([...(checked.matrices ?? []), ...(checked.cases ?? [])].map(({ name }) => name))
  return suiteCoverage(policy, suite).missing.map((each) => {
    const suggested = caseOf(compiled, each)
    const name = unused(suggested.name, names)
    names.add(name)
    return { ...suggested, name }
  })
}

function caseOf(policy: CompiledPolicy, { witness, rule }: RequestClass): CaseDocument {
  const decision = evaluate(policy, witness)
  const request = documented(witness)
  const outcome = decision.kind === 'non-cors' ? 'non-cors' : decision.allowed ? 'allowed' : 'refused'
  return {
    name: `${rule ?? 'no rule'}: ${askedByRequest(request)} is ${outcome}`,
    request,
    expect: { outcome, rule: decision.ruleId ?? false, reason: decision.reason },
  }
}

/** A path with a character of globs goes under `url`. */
function documented({
  method,
  path = '',
  origin,
  requestMethod,
  requestHeaders,
  servedMethods,
  rule,
}: CorsRequest): RequestDocument {
  return {
    ...(requestMethod === undefined && method !== 'GET' ? { method } : {}),
    ...(/[*{}]/.test(path) ? { url: path } : { path }),
    ...(origin === undefined ? {} : { origin }),
    ...(requestMethod === undefined ? {} : { requestMethod }),
    ...(requestHeaders === undefined ? {} : { requestHeaders: [requestHeaders] }),
    ...(servedMethods === undefined ? {} : { servedMethods }),
    ...(rule === undefined ? {} : { rule }),
  }
}

function unused(name: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name} (${n})`
    if (!taken.has(candidate)) return candidate
  }
}
