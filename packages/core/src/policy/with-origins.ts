/** External groups: exact origins that the program supplies while it runs. */
import { type Diagnostic, diagnose, distinct, errorsFirst, PolicyError, pointer } from '../diagnostic.js'
import { Recent } from '../pattern/recent.js'
import { nearWord } from './near-key.js'
import { readOrigins } from './origins.js'
import type { CompiledGrant, CompiledPolicy, CompiledRule, Hit, Policy } from './policy.js'

/**
 * The policy with these origins, and no others, in an external group. Everything else is shared with `policy`, which
 * stays as it is: put the result in its place.
 *
 * An origin that a rule lists itself keeps the grant that it has there.
 *
 * @throws PolicyError if the group is not an external one, if an origin is not exact and serialized, if a grant that
 * shares credentials names the group and the origin is insecure and not accepted, or if another external group of a
 * rule holds the origin too.
 */
export function withOrigins(policy: Policy, group: string, origins: Iterable<string>): Policy {
  const compiled = policy as CompiledPolicy
  const definition = Object.hasOwn(policy.origins, group) ? policy.origins[group] : undefined
  if (definition === undefined || Array.isArray(definition)) {
    const names = Object.keys(policy.origins).filter((name) => !Array.isArray(policy.origins[name]))
    throw new PolicyError([diagnose('unknown-group', pointer('origins', group), [group, nearWord(group, names), true])])
  }
  const listed = [...new Set(origins)]
  const externalOrigins = new Map([...compiled.externalOrigins, [group, listed]])
  const found: Diagnostic[] = []
  const rules = compiled.rules.map((rule) =>
    namesGroup(rule, group) ? withGroup(rule, externalOrigins, group, found) : rule,
  )
  if (!rules.some((rule) => namesGroup(rule, group))) checkOrigins(listed, group, undefined, found)
  if (found.some((d) => d.severity === 'error')) throw new PolicyError(errorsFirst(distinct(found)))
  return repointed(compiled, rules, externalOrigins)
}

/** The policy with the external origins of another version of it. */
export function withExternal(policy: CompiledPolicy, externalOrigins: ReadonlyMap<string, readonly string[]>): Policy {
  let result: Policy = policy
  for (const [group, origins] of externalOrigins) result = withOrigins(result, group, origins)
  return result
}

function namesGroup(rule: CompiledRule, group: string): boolean {
  return rule.grants.some((grant) => grant.externalGroups.includes(group))
}

function repointed(
  policy: CompiledPolicy,
  rules: readonly CompiledRule[],
  externalOrigins: CompiledPolicy['externalOrigins'],
): CompiledPolicy {
  const rulesById = new Map(rules.map((rule) => [rule.id, rule]))
  return Object.freeze({ ...policy, rules: Object.freeze([...rules]), rulesById, externalOrigins })
}

/** The rule with all of its external groups as they are now; the changed one is checked. */
function withGroup(
  rule: CompiledRule,
  externalOrigins: ReadonlyMap<string, readonly string[]>,
  changed: string,
  found: Diagnostic[],
): CompiledRule {
  const external = new Map<string, Hit>()
  const groupOf = new Map<string, string>()
  for (const grant of rule.grants) {
    const hit: Hit = { grant, text: '', isShared: true, kept: undefined }
    for (const group of grant.externalGroups) {
      const origins = externalOrigins.get(group) ?? []
      if (group === changed) checkOrigins(origins, group, grant, found)
      for (const [i, origin] of origins.entries()) {
        if (rule.exact.has(origin)) continue
        const other = groupOf.get(origin)
        if (other !== undefined && (other !== group || external.get(origin) !== hit)) {
          found.push(
            diagnose('duplicate-origin', pointer('origins', group, i), [origin, origin, pointer('origins', other)]),
          )
        }
        groupOf.set(origin, group)
        external.set(origin, hit)
      }
    }
  }
  return Object.freeze({ ...rule, external, recentHits: new Recent<Hit>() })
}

function checkOrigins(
  origins: readonly string[],
  group: string,
  grant: CompiledGrant | undefined,
  found: Diagnostic[],
): void {
  const waived = new Set(grant?.accept.map((waiver) => waiver.code))
  const sharing = { credentials: grant?.credentials ?? false, accepts: (code: string) => waived.has(code) }
  // Read as a group of its own document: what a group may not hold, an external one may not either.
  const parts = readOrigins({ origins: { [group]: origins } }, [`@${group}`], '', sharing, found)
  for (const { pattern, at } of parts.patterns)
    found.push(diagnose('invalid-origin', at, [pattern.text, 'not-exact', 0, undefined]))
  // Braces around equal alternatives make one origin, which is not written as a browser sends it.
  const patterns = new Set(parts.patterns.map(({ pattern }) => pattern.text))
  for (const [i, origin] of origins.entries()) {
    const text: unknown = origin
    if (typeof text === 'string' && (!text.includes('{') || patterns.has(text))) continue
    const words = typeof text === 'string' ? text : typeof text
    found.push(diagnose('invalid-origin', pointer('origins', group, i), [words, 'not-exact', 0, undefined]))
  }
}
