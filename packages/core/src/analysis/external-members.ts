/**
 * External groups as analysis sees them. What they will hold is not known when a policy is read, so each is given one origin
 * that nothing else names: what is true of it is true of any member that is named nowhere else. Without it a grant to an
 * external group would seem to allow nobody.
 */
import { externalGroupNames } from '../policy/external-origins.js'
import type { CompiledPolicy, Policy } from '../policy/policy.js'
import { withOrigins } from '../policy/with-origins.js'

export interface WithMembers {
  /** By the order of `policies`; what their groups hold already stays. */
  readonly policies: readonly CompiledPolicy[]
  /** From the origin that stands for a group's members to the name of the group. */
  readonly groupOf: ReadonlyMap<string, string>
}

/** Groups of one name have one member in all policies. */
export function withMembers(policies: readonly Policy[]): WithMembers {
  const groupOf = new Map<string, string>()
  const taken = new Set<string>()
  for (const name of new Set(policies.flatMap(externalGroupNames))) {
    const label = hostLabel(name)
    let host = label
    for (let n = 2; taken.has(host); n++) host = `${label}-${n}`
    taken.add(host)
    // RFC 2606, section 2: no such domain will ever be.
    groupOf.set(`https://any-of-${host}.invalid`, name)
  }
  return { policies: policies.map((policy) => joined(policy, groupOf)), groupOf }
}

/** Names of groups may hold dots, underscores and capitals, and be longer than a label. */
function hostLabel(name: string): string {
  const label = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
  return label.replace(/^-+|-+$/g, '') || 'group'
}

function joined(policy: Policy, groupOf: ReadonlyMap<string, string>): CompiledPolicy {
  const mine = new Set(externalGroupNames(policy))
  const { externalOrigins } = policy as CompiledPolicy
  let result = policy
  for (const [origin, name] of groupOf) {
    if (mine.has(name)) result = withOrigins(result, name, [...(externalOrigins.get(name)?.origins ?? []), origin])
  }
  return result as CompiledPolicy
}
