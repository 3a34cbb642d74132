/**
 * Warnings and infos: what a policy may say and had better not. `checkPolicy` tells what it may not say at all, and warns
 * of `insecure-origin` and `public-suffix` itself.
 *
 * Rules are functions that do not know each other. They raise nothing that careful policies do for good reason, and
 * show by a request, where one can show it, that what they say is so. `accept` of a grant waives them there.
 */
import { type Diagnostic, errorsFirst } from '../diagnostic.js'
import { checkPolicy, located } from '../policy/check.js'
import type { GrantDocument, PolicyDocument } from '../policy/document.js'
import { anyPort } from './lint/any-port.js'
import { confusableOrigin } from './lint/confusable-origin.js'
import { expiredAccept } from './lint/expired-accept.js'
import { extensionOrigin } from './lint/extension-origin.js'
import { jsonWithoutContentType } from './lint/json-without-content-type.js'
import { loopbackOrigin } from './lint/loopback-origin.js'
import { maxAgeAboveCaps } from './lint/max-age-above-caps.js'
import { methodOverrideHeader } from './lint/method-override-header.js'
import { optionsMethod } from './lint/options-method.js'
import { redundantOrigin } from './lint/redundant-origin.js'
import { safelistedResponseHeader } from './lint/safelisted-response-header.js'
import { sharedHostingOrigin } from './lint/shared-hosting-origin.js'
import { subdomainWildcardWithCredentials } from './lint/subdomain-wildcard-with-credentials.js'
import { trailingDotHost } from './lint/trailing-dot-host.js'
import { unreachablePath } from './lint/unreachable-path.js'
import { unroutableMethod } from './lint/unroutable-method.js'
import { unusedAccept } from './lint/unused-accept.js'
import { unusedGroup } from './lint/unused-group.js'
import { wildcardHeadersWithoutAuthorization } from './lint/wildcard-headers-without-authorization.js'
import { wildcardWithCredentials } from './lint/wildcard-with-credentials.js'
import { type LintedGrant, type LintedPolicy, lintedPolicy } from './linted.js'
import { soundPart } from './sound-part.js'

type GrantRule = (grant: LintedGrant, policy: LintedPolicy) => Iterable<Diagnostic>
type PolicyRule = (policy: LintedPolicy) => Iterable<Diagnostic>

const grantRules: readonly GrantRule[] = [
  subdomainWildcardWithCredentials,
  loopbackOrigin,
  anyPort,
  sharedHostingOrigin,
  extensionOrigin,
  trailingDotHost,
  confusableOrigin,
  redundantOrigin,
  methodOverrideHeader,
  wildcardHeadersWithoutAuthorization,
  wildcardWithCredentials,
  jsonWithoutContentType,
  unroutableMethod,
  optionsMethod,
  safelistedResponseHeader,
  maxAgeAboveCaps,
]

const policyRules: readonly PolicyRule[] = [unreachablePath, unusedGroup]

export interface LintOptions {
  /** `YYYY-MM-DD`. Core has no clock: without it no waiver is `expired-accept`. */
  readonly today?: string
}

/**
 * The warnings and infos of a policy document, in that order. Rules with an error, which `checkPolicy` tells of, are passed
 * over; what is left is linted. A document that came from `parsePolicy` gives positions. Never throws.
 */
export function lint(document: PolicyDocument, options: LintOptions = {}): Diagnostic[] {
  const sound = soundPart(document)
  if (sound === undefined) return []
  const policy = lintedPolicy(document, sound)
  const ofPolicy = policyRules.flatMap((rule) => [...rule(policy)])
  const found = policy.grants.flatMap((grant) => lintGrant(grant, policy, ofPolicy, options))
  const waiving = policy.grants.filter(({ written }) => (written.accept ?? []).length > 0)
  const unwaived = ofPolicy.filter((d) => !waiving.some((grant) => isWithin(d, grant) && waives(grant.written, d)))
  return located(document, errorsFirst(oncePerPlace([...found, ...unwaived])))
}

/** What is raised on a grant and not waived, and what is to be said of its waivers. */
function lintGrant(
  grant: LintedGrant,
  policy: LintedPolicy,
  ofPolicy: readonly Diagnostic[],
  { today }: LintOptions,
): Diagnostic[] {
  const { written } = grant
  const own = grantRules.flatMap((rule) => [...rule(grant, policy)])
  const found = own.filter((d) => !waives(written, d))
  if (written.accept === undefined || written.accept.length === 0) return found
  const raised = [...own, ...ofPolicy.filter((d) => isWithin(d, grant)), ...checkedWithoutWaivers(grant, policy)]
  found.push(...unusedAccept(grant, new Set(raised.map((d) => d.code))))
  if (today !== undefined) found.push(...expiredAccept(grant, today, raised))
  return found
}

function waives({ accept = [] }: GrantDocument, { code }: Diagnostic): boolean {
  return accept.some((waiver) => waiver.code === code)
}

/** Whether a diagnostic is of the grant's rule, which is what the grant can waive of those that are of no grant. */
function isWithin({ pointer }: Diagnostic, { at }: LintedGrant): boolean {
  return pointer.startsWith(at.slice(0, at.indexOf('/allow/') + 1))
}

/** What `checkPolicy` would say of the grant if it waived nothing. */
function checkedWithoutWaivers(grant: LintedGrant, { document }: LintedPolicy): Diagnostic[] {
  const { accept: _, ...bare } = grant.written
  // The groups that it names; a document may have many, and as many grants.
  const origins = Object.entries(document.origins ?? {}).filter(([name]) => bare.origins.includes(`@${name}`))
  const rules = [{ id: 'alone', paths: [], allow: [bare] }]
  return checkPolicy({ version: 1, origins: Object.fromEntries(origins), rules }).map(({ witness, ...d }) =>
    witness === undefined ? d : { ...d, witness: { ...grant.target(), method: 'GET', ...witness } },
  )
}

/** A group that several grants name is linted for each of them; what is said of one place is told once, at its worst. */
function oncePerPlace(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const told = new Map<string, Diagnostic>()
  for (const d of diagnostics) {
    const key = `${d.code} ${d.pointer}`
    const before = told.get(key)
    if (before === undefined || (before.severity === 'info' && d.severity === 'warning')) told.set(key, d)
  }
  return [...told.values()]
}
