/** External groups: exact origins that the program supplies while it runs. */
import { type Diagnostic, diagnose, distinct, errorsFirst, PolicyError, pointer } from '../diagnostic.js'
import { OriginTable } from '../pattern/origin-table.js'
import { originHash } from '../web/origin.js'
import { type ExternalGrant, type ExternalGroup, externalGroupNames } from './external-origins.js'
import { type Addition, type GroupChange, groupChange, type OriginChange } from './group-change.js'
import { nearWord } from './near-key.js'
import { checkSupplied } from './origins.js'
import {
  type CompiledGrant,
  type CompiledPolicy,
  type CompiledRule,
  type Policy,
  recentHits,
  recentPaths,
} from './policy.js'

/**
 * The policy with other origins in an external group. Everything else is shared with `policy`, which stays as it is: put
 * the result in its place.
 *
 * `origins` is all that the group is to hold, or what is to change of it: `{ add, remove }`. Only what is new is read; a
 * change of a few among 100,000 takes less than a millisecond, the whole list a few, if most of it comes in its old order.
 * An origin that a rule lists itself keeps the grant that it has there.
 *
 * ```js
 * policy = withOrigins(policy, 'tenants', ['https://a.example', 'https://b.example'])
 * policy = withOrigins(policy, 'tenants', { add: ['https://c.example'], remove: ['https://a.example'] })
 * ```
 *
 * @throws PolicyError if the group is not an external one, if an origin is not exact and serialized, if a grant that
 * shares credentials names the group and the origin is insecure and not accepted, or if another external group of a
 * rule holds the origin too; also if what is to be removed could not be in the group, since no origin is so spelled.
 * @throws TypeError if `origins` is neither a list nor a change.
 */
export function withOrigins(policy: Policy, group: string, origins: Iterable<string> | OriginChange): Policy {
  const compiled = policy as CompiledPolicy
  const definition = Object.hasOwn(policy.origins, group) ? policy.origins[group] : undefined
  if (definition === undefined || Array.isArray(definition)) {
    const words = [
      group,
      nearWord(group, externalGroupNames(policy)),
      definition === undefined ? 'nothing' : 'listed',
    ] as const
    throw new PolicyError([diagnose('unknown-group', pointer('origins', group), [...words])])
  }
  const before = compiled.externalOrigins.get(group) ?? emptyGroup
  const change = groupChange(before, origins)
  const found = compiled.rules.some((rule) => namesGroup(rule, group))
    ? compiled.rules.flatMap((rule) => (namesGroup(rule, group) ? faultsIn(rule, compiled, group, change) : []))
    : faultsOf(change.added, group, undefined)
  found.push(...absentFaults(change, group))
  if (found.some((d) => d.severity === 'error')) throw new PolicyError(errorsFirst(distinct(found)))
  const externalOrigins = new Map([...compiled.externalOrigins, [group, changed(before, change)]])
  const rules = compiled.rules.map((rule) => (namesGroup(rule, group) ? supplied(rule, externalOrigins) : rule))
  const rulesById = new Map(rules.map((rule) => [rule.id, rule]))
  const version = { ...compiled, rules: Object.freeze(rules), rulesById, externalOrigins, ...recentPaths() }
  return Object.freeze(version) as CompiledPolicy
}

/** The policy with the external origins of another version of it. */
export function withExternal(policy: CompiledPolicy, externalOrigins: CompiledPolicy['externalOrigins']): Policy {
  let result: Policy = policy
  for (const [group, { origins }] of externalOrigins) result = withOrigins(result, group, origins)
  return result
}

const emptyGroup: ExternalGroup = { origins: [], table: OriginTable.of([]) }

function namesGroup(rule: CompiledRule, group: string): boolean {
  return rule.grants.some((grant) => grant.externalGroups.includes(group))
}

function changed(before: ExternalGroup, { origins, removed, added }: GroupChange): ExternalGroup {
  const entry = (text: string): { text: string; hash: number; kept: undefined } => ({
    text,
    hash: originHash(text),
    kept: undefined,
  })
  const table = before.table.with(
    removed.map(entry),
    added.map(({ text }) => entry(text)),
  )
  return { origins, table }
}

/** The rule with all of its external groups as they are now. */
function supplied(rule: CompiledRule, externalOrigins: CompiledPolicy['externalOrigins']): CompiledRule {
  const external = namedGroups(rule).flatMap(({ grant, name }): ExternalGrant[] => {
    const group = externalOrigins.get(name)
    return group === undefined || group.origins.length === 0 ? [] : [{ grant, group }]
  })
  return Object.freeze({ ...rule, external, ...recentHits() })
}

function namedGroups({ grants }: CompiledRule): readonly { readonly grant: CompiledGrant; readonly name: string }[] {
  return grants.flatMap((grant) => [...new Set(grant.externalGroups)].map((name) => ({ grant, name })))
}

/** What is wrong with the new origins in a rule. That nothing is wrong with the others was seen when they came. */
function faultsIn(rule: CompiledRule, policy: CompiledPolicy, group: string, { added }: GroupChange): Diagnostic[] {
  const named = namedGroups(rule)
  const own = named.findIndex(({ name }) => name === group)
  const repeats = named.flatMap(({ name }, i) => {
    const other = policy.externalOrigins.get(name)
    return other === undefined || other.origins.length === 0 || name === group
      ? []
      : repeatsIn(rule, { name, ...other }, i < own, group, added)
  })
  return [...faultsOf(added, group, named[own]?.grant), ...repeats]
}

/** Origins of two groups; it is the later group that is told of the earlier one. */
function repeatsIn(
  rule: CompiledRule,
  other: ExternalGroup & { readonly name: string },
  isEarlier: boolean,
  group: string,
  added: readonly Addition[],
): Diagnostic[] {
  let places: ReadonlyMap<string, number> | undefined
  return added.flatMap(({ text, index }) => {
    // What is no text is told of elsewhere.
    if (typeof text !== 'string') return []
    const hash = originHash(text)
    if (other.table.get(text, hash) === undefined || rule.exact.get(text, hash) !== undefined) return []
    if (!isEarlier) places ??= new Map(other.origins.map((origin, i) => [origin, i]))
    const at = isEarlier ? pointer('origins', group, index) : pointer('origins', other.name, places?.get(text) ?? 0)
    return [diagnose('duplicate-origin', at, [text, text, pointer('origins', isEarlier ? other.name : group)])]
  })
}

/** To remove what is not there changes nothing; but a misspelled origin that was to lose its grant would keep it. */
function absentFaults({ absent }: GroupChange, group: string): Diagnostic[] {
  const found: Diagnostic[] = []
  const sharing = { credentials: false, accepts: () => true }
  for (const text of absent) checkSupplied(text, group, 0, sharing, found)
  return found.filter(({ severity }) => severity === 'error').map((d) => ({ ...d, pointer: pointer('origins', group) }))
}

function faultsOf(added: readonly Addition[], group: string, grant: CompiledGrant | undefined): Diagnostic[] {
  const found: Diagnostic[] = []
  const waived = new Set(grant?.accept.map((waiver) => waiver.code))
  const sharing = { credentials: grant?.credentials ?? false, accepts: (code: string) => waived.has(code) }
  for (const { text, index } of added) checkSupplied(text, group, index, sharing, found)
  return found
}
