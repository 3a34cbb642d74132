/** What an explanation takes the world to be, since the command line did not say it: told as `assumed`. */
import type { Policy } from '@safeconduct/core'
import type { Explanation } from '@safeconduct/core/analysis'

/** What was said. */
export interface Said {
  readonly served: boolean
  /** External groups whose members were. */
  readonly external: ReadonlySet<string>
}

export function unsaidOf(explanation: Explanation, policy: Policy, { served, external }: Said): readonly string[] {
  const isServed = !served && explanation.grant?.methods === 'served'
  return [
    ...(isServed ? ['the router serves the method (--served says what it serves)'] : []),
    ...awaited(explanation, policy)
      .filter((group) => !external.has(group))
      .map((group) => `@${group} is empty; --external says what it holds`),
  ]
}

/** External groups whose members the rule would have decided otherwise: any grant but that of the origin itself gives way. */
function awaited(
  { request, decision, rule, grant, steps }: Explanation,
  { rules, origins }: Policy,
): readonly string[] {
  const isDecidedBefore = steps.some(({ step, verdict }) => step === 'origin' && verdict === 'fail')
  if (decision.kind === 'non-cors' || decision.allowed || isDecidedBefore) return []
  if (grant !== undefined && grant.origin === request.origin) return []
  const grants = rules.find(({ id }) => id === rule?.id)?.grants ?? []
  const named = grants.flatMap((each) => each.origins).filter((origin) => origin.startsWith('@'))
  return [...new Set(named.map((name) => name.slice(1)))].filter(
    (name) => Object.hasOwn(origins, name) && !Array.isArray(origins[name]),
  )
}
