/** Who decides a request: the rule of its path, and within the rule the grant of its origin. */
import type { CompiledPolicy, CompiledRule, Hit, KnownPath } from '../policy/policy.js'
import { maxOriginLength, parseOrigin } from '../web/origin.js'
import { isCanonicalPath } from '../web/path.js'
import type { CorsRequest } from './request.js'

export type NoRule = 'path-malformed' | 'no-rule' | 'unknown-rule' | 'nobody-allowed'
export type NoGrant = 'origin-malformed' | 'origin-not-allowed'

/** The rule that the request's route names, else that of its path; never one of its headers. */
export function decidingRule(policy: CompiledPolicy, { path, rule }: CorsRequest): CompiledRule | NoRule {
  const known = path === undefined ? undefined : (policy.recentPaths.find(path) ?? newlyKnown(policy, path))
  if (known === undefined) return 'path-malformed'
  if (rule === false) return 'nobody-allowed'
  if (rule !== undefined) return policy.rulesById.get(rule) ?? 'unknown-rule'
  known.ruleId ??= policy.pathIndex.find(known.text) ?? false
  return known.ruleId === false ? 'no-rule' : (policy.rulesById.get(known.ruleId) as CompiledRule)
}

function newlyKnown(policy: CompiledPolicy, path: string): KnownPath | undefined {
  return isCanonicalPath(path) ? policy.recentPaths.keep({ text: path, ruleId: undefined }) : undefined
}

/**
 * The grant of an origin: an exact one, else the most specific pattern's, else that of `"*"`, the only one that `null`
 * can have. An exact origin gets a hit of its own at its first request, so that its decisions can be kept; of those that
 * patterns match, a few.
 */
export function decidingHit(rule: CompiledRule, origin: string): Hit | NoGrant {
  const recent = rule.recentHits.find(origin)
  if (recent !== undefined) return recent
  // Before anything hashes it: that takes 11 µs for 8 kB.
  if (origin.length > maxOriginLength) return 'origin-malformed'
  const exact = exactHit(rule.exact, origin) ?? (rule.external.size === 0 ? undefined : exactHit(rule.external, origin))
  if (exact !== undefined) return rule.recentHits.keep(exact)
  if (origin === 'null') return rule.anyone ?? 'origin-not-allowed'
  const parsed = parseOrigin(origin)
  if (parsed === undefined) return 'origin-malformed'
  const grant = rule.originPatterns?.find(parsed)
  if (grant === undefined) return rule.anyone ?? 'origin-not-allowed'
  return rule.recentHits.keep({ grant, text: origin, isShared: false, kept: undefined })
}

function exactHit(hits: Map<string, Hit>, origin: string): Hit | undefined {
  const hit = hits.get(origin)
  if (hit === undefined || !hit.isShared) return hit
  const own: Hit = { grant: hit.grant, text: origin, isShared: false, kept: undefined }
  hits.set(origin, own)
  return own
}
