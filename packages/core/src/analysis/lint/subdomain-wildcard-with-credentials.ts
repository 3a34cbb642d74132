/**
 * A wildcard for whole labels below a domain, with credentials: a forgotten DNS entry or one careless page below the
 * domain, and a stranger reads what the user may read. A wildcard within a label (`pr-*`) is held to names that somebody
 * gave on purpose, and is left alone; wildcards over strangers' names are `public-suffix`.
 */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import { isLoopbackGlob } from '../../pattern/host.js'
import type { OriginPattern } from '../../pattern/origin-pattern.js'
import { wildcardReach } from '../../pattern/reach.js'
import type { LintedGrant } from '../linted.js'
import { sharedWith } from '../showing.js'

export function* subdomainWildcardWithCredentials(grant: LintedGrant): Iterable<Diagnostic> {
  if (!grant.grant.credentials) return
  for (const { glob, at } of grant.origins) {
    if (glob.kind === 'exact' || !hasFreeLabel(glob) || wildcardReach(glob) !== undefined) continue
    const witness = sharedWith(grant, glob, 'forgotten')
    if (!witness) continue
    yield diagnose('subdomain-wildcard-with-credentials', at, [glob.text, witness.origin], {
      severity: 'warning',
      witness,
    })
  }
}

/** A whole label is free, other than below `localhost`. */
function hasFreeLabel({ schemes, hosts }: OriginPattern): boolean {
  if (!schemes.includes('https') && !schemes.includes('http')) return false
  return hosts.some((labels) => !isLoopbackGlob(labels) && labels.some(({ kind }) => kind === 'any' || kind === 'rest'))
}
