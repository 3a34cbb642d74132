/** Who decides a request: the rule of its path, and within the rule the grant of its origin. */
import type { CompiledPolicy, CompiledRule, Hit } from '../policy/policy.js'
import { parseOrigin } from '../web/origin.js'
import { isCanonicalPath } from '../web/path.js'
import type { CorsRequest } from './request.js'

export type NoRule = 'path-malformed' | 'no-rule' | 'unknown-rule' | 'nobody-allowed'
export type NoGrant = 'origin-malformed' | 'origin-not-allowed'

/** The rule that the request's route names, else that of its path; never one of its headers. */
export function decidingRule(policy: CompiledPolicy, { path, rule }: CorsRequest): CompiledRule | NoRule {
  if (path === undefined || !isCanonicalPath(path)) return 'path-malformed'
  if (rule === false) return 'nobody-allowed'
  if (rule !== undefined) return policy.rulesById.get(rule) ?? 'unknown-rule'
  const id = policy.pathIndex.find(path)
  return id === undefined ? 'no-rule' : (policy.rulesById.get(id) as CompiledRule)
}

/**
 * The grant of an origin: an exact one, else the most specific pattern's, else that of `"*"`, the only one that `null`
 * can have. An exact origin gets a hit of its own at its first request, so that its decisions can be kept.
 */
export function decidingHit(rule: CompiledRule, origin: string): Hit | NoGrant {
  const hit = rule.exact.get(origin)
  if (hit !== undefined) return hit.isShared ? seen(rule.exact, origin, hit) : hit
  const external = rule.external.get(origin)
  if (external !== undefined) return external.isShared ? seen(rule.external, origin, external) : external
  if (origin === 'null') return rule.anyone ?? 'origin-not-allowed'
  const parsed = parseOrigin(origin)
  if (parsed === undefined) return 'origin-malformed'
  const grant = rule.originPatterns?.find(parsed)
  return grant === undefined ? (rule.anyone ?? 'origin-not-allowed') : { grant, isShared: false, kept: undefined }
}

function seen(hits: Map<string, Hit>, origin: string, { grant }: Hit): Hit {
  const hit: Hit = { grant, isShared: false, kept: undefined }
  hits.set(origin, hit)
  return hit
}
