/** Requests that show what a grant does. A lint rule tells of nothing that it cannot show, where a request can show it. */

import { decidingHit } from '../evaluate/deciding.js'
import { isAllowed } from '../evaluate/decision.js'
import { evaluate } from '../evaluate/evaluate.js'
import type { CorsRequest } from '../evaluate/request.js'
import type { ExactOrigin, OriginPattern } from '../pattern/origin-pattern.js'
import type { LintedGrant } from './linted.js'
import { originAtoms } from './origin-atoms.js'

/** The request, if this grant decides and allows it. What is left out is filled in with what the grant covers. */
export function allowedBy(grant: LintedGrant, request: Partial<CorsRequest>): CorsRequest | undefined {
  const whole = wholeRequest(grant, request)
  return whole && isAllowed(evaluate(grant.policy, whole)) ? whole : undefined
}

/** An actual request from an origin of the glob that this grant decides and allows. */
export function sharedWith(
  grant: LintedGrant,
  glob: ExactOrigin | OriginPattern,
  label?: string,
): OriginRequest | undefined {
  const origin = originWithin(grant, glob, label)
  const request = origin === undefined ? undefined : allowedBy(grant, { origin })
  return request && origin !== undefined ? { ...request, origin } : undefined
}

export type OriginRequest = CorsRequest & { readonly origin: string }

/** The request, if this grant decides and refuses it. */
export function refusedBy(grant: LintedGrant, request: Partial<CorsRequest>): CorsRequest | undefined {
  const whole = wholeRequest(grant, request)
  return whole && !isAllowed(evaluate(grant.policy, whole)) ? whole : undefined
}

function wholeRequest(grant: LintedGrant, request: Partial<CorsRequest>): CorsRequest | undefined {
  const origin = request.origin ?? originOf(grant)
  if (origin === undefined || !decides(grant, origin)) return undefined
  return { ...grant.target(), ...methodOf(grant), origin, ...request }
}

/** A method that the grant covers. */
export function methodOf({ grant: { methods } }: LintedGrant): Pick<CorsRequest, 'method' | 'servedMethods'> {
  if (methods === 'served') return { method: 'GET', servedMethods: ['GET', 'POST'] }
  return { method: methods[0] === undefined || methods[0] === '*' ? 'GET' : methods[0] }
}

/** An origin that the grant decides; `undefined` for a grant of external groups. */
function originOf(grant: LintedGrant): string | undefined {
  for (const { glob } of grant.origins) {
    const origin = originWithin(grant, glob)
    if (origin !== undefined) return origin
  }
  return grant.rule.anyone?.grant === grant.grant ? 'https://anyone.example' : undefined
}

/** An origin that the glob matches and the grant decides; `label` stands for its wildcards where it can. */
function originWithin(grant: LintedGrant, glob: ExactOrigin | OriginPattern, label = 'any'): string | undefined {
  if (glob.kind === 'exact') return decides(grant, glob.text) ? glob.text : undefined
  const plain = plainOrigins(glob, label).find((origin) => decides(grant, origin))
  if (plain !== undefined) return plain
  const { atoms } = originAtoms([grant.rule], [glob])
  return atoms.find((atom) => atom.probes.length > 0 && atom.grants[0] === grant.grant)?.origin
}

/** Whether this grant decides the origin. */
export function decides({ rule, grant }: LintedGrant, origin: string): boolean {
  const hit = decidingHit(rule, origin)
  return typeof hit !== 'string' && hit.grant === grant
}

/** Origins that the glob matches, the same label for each wildcard; by `https` where it can be. */
function plainOrigins({ schemes, hosts, literalHosts, ports }: OriginPattern, label: string): readonly string[] {
  const scheme = schemes.includes('https') ? 'https' : schemes[0]
  const port = ports === 'any' ? ':8443' : ports[0] === '' ? '' : `:${ports[0]}`
  return [...hosts.map((steps) => hostOf(steps, label)), ...literalHosts].map((host) => `${scheme}://${host}${port}`)
}

/** `steps` stand right to left. */
function hostOf(steps: OriginPattern['hosts'][number], label: string): string {
  const labels = steps.map((step) => {
    if (step.kind === 'literal') return step.text
    return step.kind === 'affix' ? `${step.prefix}${label}${step.suffix}` : label
  })
  return labels.reverse().join('.')
}
