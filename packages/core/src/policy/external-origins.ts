/**
 * Origins that the program supplies while it runs. A group holds them once, for all rules whose grants name it and for all
 * versions of the policy that it is the same in; so a change of one origin costs the same whatever the group holds.
 */
import type { OriginEntry, OriginTable } from '../pattern/origin-table.js'
import { originHash } from '../web/origin.js'
import { type CompiledGrant, type CompiledRule, type Hit, hitOf, type Policy } from './policy.js'

export interface ExternalOrigin extends OriginEntry {
  /**
   * The hit of the grant that it met last. Versions of a policy share it with the grant: what is decided depends on nothing
   * that differs between them.
   */
  kept: Hit | undefined
}

export interface ExternalGroup {
  /** In the order in which they were supplied, each once. */
  readonly origins: readonly string[]
  readonly table: OriginTable<ExternalOrigin>
}

/** A grant that names an external group. In a rule no two groups hold one origin, but for what the rule lists itself. */
export interface ExternalGrant {
  readonly grant: CompiledGrant
  readonly group: ExternalGroup
}

/** The names of a policy's external groups. */
export function externalGroupNames({ origins }: Policy): string[] {
  return Object.entries(origins).flatMap(([name, group]) => ('external' in group ? [name] : []))
}

/** What an exact origin meets: an origin that the rule lists itself keeps the grant that it has there. */
export function listedHit(rule: CompiledRule, text: string, hash: number): Hit | undefined {
  return rule.exact.get(text, hash) ?? (rule.external.length === 0 ? undefined : externalHit(rule, text, hash))
}

function externalHit({ external }: CompiledRule, text: string, hash: number): Hit | undefined {
  for (const { grant, group } of external) {
    const origin = group.table.get(text, hash)
    if (origin === undefined) continue
    if (origin.kept?.grant !== grant) origin.kept = hitOf(origin.text, hash, grant)
    return origin.kept
  }
  return undefined
}

/** Whether an origin is an exact one of the rule, listed or supplied. */
export function isListed(rule: CompiledRule, origin: string): boolean {
  return listedHit(rule, origin, originHash(origin)) !== undefined
}

/** All exact origins of a rule, those that it lists itself first. */
export function listedOrigins({ hits, external }: CompiledRule): readonly string[] {
  return [...hits.map(({ text }) => text), ...external.flatMap(({ group }) => group.origins)]
}
