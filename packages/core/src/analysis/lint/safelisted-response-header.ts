/** Response headers that scripts see of any CORS response, so that to expose them says nothing. */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import type { LintedGrant } from '../linted.js'
import { allowedBy } from '../showing.js'

/** Fetch, "CORS-safelisted response-header name". */
const safelisted: readonly string[] = [
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
]

export function* safelistedResponseHeader(grant: LintedGrant): Iterable<Diagnostic> {
  for (const [i, name] of (grant.written.exposedHeaders ?? []).entries()) {
    if (!safelisted.includes(name.toLowerCase())) continue
    const at = `${grant.at}/exposedHeaders/${i}`
    yield diagnose('safelisted-response-header', at, [name], {
      severity: 'info',
      remove: true,
      witness: allowedBy(grant, {}),
    })
  }
}
