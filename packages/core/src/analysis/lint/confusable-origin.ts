/**
 * An origin that a reviewer takes for another: letters of a script that they do not seem to be of, or a registered name
 * that is nearly one that the policy names too. The second only with credentials, and only in lists that a person wrote:
 * among hundreds of tenants some names are near each other by chance.
 */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import { unicodeHost } from '../../pattern/host.js'
import type { LintedGrant, LintedOrigin, LintedPolicy, Registration } from '../linted.js'
import { isDisguised, isLookAlike } from '../look-alike.js'
import { registrablesOf } from '../registrable.js'
import { sharedWith } from '../showing.js'

const mostNames = 100

export function* confusableOrigin(grant: LintedGrant, policy: LintedPolicy): Iterable<Diagnostic> {
  const named = grant.grant.credentials ? policy.registrations() : new Map<string, Registration>()
  for (const { glob, at } of grant.origins) {
    const disguised = disguisedHost(glob)
    const twin = disguised === undefined && named.size <= mostNames ? twinOf(glob, named) : undefined
    if (disguised === undefined && twin === undefined) continue
    const witness = sharedWith(grant, glob, 'www')
    if (!witness) continue
    const [shown, other] = twin ?? [disguised ?? '', undefined]
    yield diagnose('confusable-origin', at, [glob.text, shown, other], { severity: 'warning', witness })
  }
}

/** The host as a person would read it. */
function disguisedHost(glob: LintedOrigin['glob']): string | undefined {
  const hosts = glob.kind === 'exact' ? [glob.host] : [...registrablesOf(glob).keys(), ...glob.literalHosts]
  return hosts
    .filter((host) => host.includes('xn--'))
    .map(unicodeHost)
    .find((host) => host.split('.').some(isDisguised))
}

/** A domain of the glob and one like it that is named more often, or as often and earlier. */
function twinOf(
  glob: LintedOrigin['glob'],
  named: ReadonlyMap<string, Registration>,
): readonly [string, string] | undefined {
  const domains = [...named.keys()]
  for (const domain of registrablesOf(glob).keys()) {
    const own = named.get(domain)
    if (own === undefined) continue
    for (const [other, theirs] of named) {
      const isRarer =
        theirs.mentions === own.mentions
          ? domains.indexOf(other) < domains.indexOf(domain)
          : theirs.mentions > own.mentions
      if (isRarer && own.suffix === theirs.suffix && isLookAlike(own.name, theirs.name)) return [domain, other]
    }
  }
  return undefined
}
