/** Why the policy decides a request as it does, in one line. */
import { type Explanation, explain } from '../analysis/explain.js'
import type { CompiledPolicy } from '../policy/policy.js'
import { escapeText } from '../quote.js'
import type { Decided } from './answer.js'

/** The decision alone. */
export function plainReason({ decision }: Decided): string {
  const by = decision.ruleId === undefined ? 'no rule' : `rule ${decision.ruleId}`
  return `${by}: ${decision.reason}`
}

/** Where it failed, and what would have passed; or what allowed it. */
export function fullReason(policy: CompiledPolicy, decided: Decided): string {
  const { decision } = decided
  if (decision.kind === 'non-cors') return `${plainReason(decided)}; the request has no Origin`
  const { steps, rule, grant } = explain(policy, decided.request)
  return decision.allowed ? `allowed: ${allowing(rule, grant)}` : `refused (${plainReason(decided)}): ${failing(steps)}`
}

function allowing(rule: Explanation['rule'], grant: Explanation['grant']): string {
  const path = rule?.glob === undefined ? 'named by the route' : `by ${rule.glob}`
  const origin =
    grant === undefined ? '' : `, grants it to ${grant.origin} ${grant.credentials ? 'with' : 'without'} credentials`
  return escapeText(`rule ${rule?.id ?? ''}, ${path}${origin}`)
}

function failing(steps: Explanation['steps']): string {
  return steps
    .filter(({ verdict }) => verdict === 'fail')
    .map(({ detail, nearMisses }) => {
      const near = nearMisses.map(escapeText).join('; ')
      return near === '' ? escapeText(detail) : `${escapeText(detail)} (${near})`
    })
    .join('; ')
}
