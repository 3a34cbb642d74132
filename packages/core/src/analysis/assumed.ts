/**
 * What a proof rests on beside the policy. An external group is taken to hold an origin that is named nowhere else, so a
 * promise about origins that the program might put into it holds for as long as the program does not. A server that loads
 * the policy asks again whenever a group is filled; who reads the policy alone is to be told.
 */
import { PolicyError } from '../diagnostic.js'
import type { Policy } from '../policy/policy.js'
import { withOrigins } from '../policy/with-origins.js'
import { externalGroups } from './external-members.js'
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
  const asked = originAtoms([], originsOf(policy, never)).atoms.filter(({ probes }) => probes.length > 0)
  return externalGroups(policy)
    .filter((group) => never.origins?.includes(`@${group}`) === false)
    .flatMap((group) => {
      for (const { origin } of asked) {
        const { counterexample } = broken(policy, group, origin, never) ?? {}
        if (counterexample !== undefined) return [{ group, counterexample }]
      }
      return []
    })
}

/** `undefined`: the program could not supply that origin. */
function broken(policy: Policy, group: string, origin: string, never: Query): ReturnType<typeof prove> | undefined {
  try {
    return prove(withOrigins(policy, group, { add: [origin] }), never)
  } catch (error) {
    if (error instanceof PolicyError) return undefined
    throw error
  }
}
