/**
 * `*` for methods or request headers, with credentials. To a browser it is a literal name there (Fetch, "CORS-preflight
 * fetch"), so it is kept by repeating whatever a preflight asks for: a list that reviews nothing.
 */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import type { LintedGrant } from '../linted.js'
import { allowedBy, methodOf } from '../showing.js'

export function* wildcardWithCredentials(grant: LintedGrant): Iterable<Diagnostic> {
  const { credentials, anyMethod, anyRequestHeader } = grant.grant
  if (!credentials) return
  if (anyMethod) {
    const witness = allowedBy(grant, { method: 'OPTIONS', requestMethod: 'DELETE' })
    yield diagnose('wildcard-with-credentials', `${grant.at}/methods/0`, ['method'], { severity: 'warning', witness })
  }
  if (anyRequestHeader) {
    const at = `${grant.at}/requestHeaders/${grant.written.requestHeaders?.indexOf('*')}`
    const { method, ...served } = methodOf(grant)
    const witness = allowedBy(grant, {
      ...served,
      method: 'OPTIONS',
      requestMethod: method,
      requestHeaders: 'x-anything',
    })
    yield diagnose('wildcard-with-credentials', at, ['request header'], { severity: 'warning', witness })
  }
}
