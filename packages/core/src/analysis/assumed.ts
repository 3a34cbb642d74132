/**
 * What a proof rests on beside the policy. An external group is taken to hold an origin that is named nowhere else, so a
 * promise about origins that the program might put into it holds for as long as the program does not. A server that loads
 * the policy asks again whenever a group is filled; who reads the policy alone is to be told.
 */
import { PolicyError } from '../diagnostic.js'
import { externalGroupNames } from '../policy/external-origins.js'
import type { CompiledPolicy, Policy } from '../policy/policy.js'
import { withOrigins } from '../policy/with-origins.js'
import { originAtoms } from './origin-atoms.js'
import { type Counterexample, originsOf, prove, type Query } from './prove.js'

/** An external group that is taken to hold none of the origins of a query. */
export interface Assumption {
  readonly group: string
  /** What would be allowed if it held one. */
  readonly counterexample: Counterexample
}

/**
 * The assumptions under which a promise holds, at most one for each external group that the query does not name. Precondition:
 * `prove` says that it holds.
 *
 * @throws TypeError on a query with a glob that is none.
 */
export function assumptions(policy: Policy, never: Query): readonly Assumption[] {
  const groups = externalGroupNames(policy).filter((group) => never.origins?.includes(`@${group}`) === false)
  if (groups.length === 0) return []
  // An origin that a rule lists itself would keep the grant that it has there.
  const rules = (policy as CompiledPolicy).rules.filter(({ grants }) =>
    grants.some(({ externalGroups }) => externalGroups.length > 0),
  )
  const { atoms } = originAtoms(rules, originsOf(policy, never))
  const asked = atoms.filter(({ probes }) => probes.length > 0).map(({ origin }) => origin)
  return groups.flatMap((group) => {
    const { counterexample } = prove(holding(policy, group, asked), never)
    return counterexample === undefined ? [] : [{ group, counterexample }]
  })
}

/** The policy whose group holds those of the origins that a program could supply. */
function holding(policy: Policy, group: string, origins: readonly string[]): Policy {
  let result = policy
  for (const origin of origins) {
    try {
      result = withOrigins(result, group, { add: [origin] })
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error
    }
  }
  return result
}
