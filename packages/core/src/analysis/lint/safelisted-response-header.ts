/** Response headers that scripts see of any CORS response, so that to expose them says nothing. */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import { isSafelistedResponseHeader } from '../../web/header-name.js'
import type { LintedGrant } from '../linted.js'
import { allowedBy } from '../showing.js'

export function* safelistedResponseHeader(grant: LintedGrant): Iterable<Diagnostic> {
  for (const [i, name] of (grant.written.exposedHeaders ?? []).entries()) {
    if (!isSafelistedResponseHeader(name.toLowerCase())) continue
    const at = `${grant.at}/exposedHeaders/${i}`
    yield diagnose('safelisted-response-header', at, [name], {
      severity: 'info',
      remove: true,
      witness: allowedBy(grant, {}),
    })
  }
}
