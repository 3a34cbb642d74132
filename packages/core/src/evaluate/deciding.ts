/** Who decides a request: the rule of its path, and within the rule the grant of its origin. */
import { listedHit } from '../policy/external-origins.js'
import { type CompiledPolicy, type CompiledRule, type Hit, hitOf, type KnownPath } from '../policy/policy.js'
import { locateOrigin, maxOriginLength, originHash } from '../web/origin.js'
import { isCanonicalPath } from '../web/path.js'
import type { CorsRequest } from './request.js'

export type NoRule = 'path-malformed' | 'no-rule' | 'unknown-rule' | 'nobody-allowed'
export type NoGrant = 'origin-malformed' | 'origin-not-allowed'

/** The rule that the request's route names, else that of its path; never one of its headers. */
export function decidingRule(policy: CompiledPolicy, { path, rule }: CorsRequest): CompiledRule | NoRule {
  const known = path === undefined ? undefined : knownPath(policy, path)
  if (known === undefined) return 'path-malformed'
  if (rule === false) return 'nobody-allowed'
  if (rule !== undefined) return namedRule(policy, known, rule) ?? 'unknown-rule'
  known.own ??= ruleOf(policy, known.text)
  return known.own === false ? 'no-rule' : known.own
}

function knownPath({ recentPaths }: CompiledPolicy, path: string): KnownPath | undefined {
  const recent = recentPaths.find(path, path.length)
  if (recent !== undefined) return recent
  if (!isCanonicalPath(path)) return undefined
  return recentPaths.keep({ text: path, own: undefined, named: undefined }, path.length)
}

/** A route has its path and its rule, so the two come together again and again. */
function namedRule({ rulesById }: CompiledPolicy, known: KnownPath, id: string): CompiledRule | undefined {
  if (known.named?.id !== id) known.named = rulesById.get(id)
  return known.named
}

function ruleOf({ pathIndex, rulesById }: CompiledPolicy, path: string): CompiledRule | false {
  const id = pathIndex.find(path)
  return id === undefined ? false : (rulesById.get(id) as CompiledRule)
}

/**
 * The grant of an origin: an exact one, else the most specific pattern's, else that of `"*"`, the only one that `null`
 * can have. The hit keeps decisions: that of an exact origin for good, and of those that patterns match, a few.
 */
export function decidingHit(rule: CompiledRule, origin: string): Hit | NoGrant {
  const { length } = origin
  const recent = rule.recentHits.find(origin, length)
  if (recent !== undefined) return recent
  // Before each character is looked at: that takes 8 µs for 8 kB.
  if (length > maxOriginLength) return 'origin-malformed'
  const hash = originHash(origin)
  const hit = listedHit(rule, origin, hash) ?? recentGlobHit(rule, origin, hash)
  return hit === undefined ? unlisted(rule, origin, hash) : rule.recentHits.keep(hit, length)
}

function recentGlobHit(
  { originPatterns, recentGlobHits, grants }: CompiledRule,
  origin: string,
  hash: number,
): Hit | undefined {
  if (originPatterns === undefined) return undefined
  const hit = recentGlobHits.find(origin, hash)
  return hit !== undefined && grants.includes(hit.grant) ? hit : undefined
}

function unlisted(rule: CompiledRule, origin: string, hash: number): Hit | NoGrant {
  if (origin === 'null') return rule.anyone ?? 'origin-not-allowed'
  const located = locateOrigin(origin, hash)
  if (located === undefined) return 'origin-malformed'
  const grant = rule.originPatterns?.findAt(located)
  if (grant === undefined) return rule.anyone ?? 'origin-not-allowed'
  return rule.recentHits.keep(rule.recentGlobHits.keepRepeated(hitOf(origin, hash, grant), hash), origin.length)
}
