/**
 * `*` for request headers, without `authorization`. By the standard `*` does not cover it; browsers let it pass; here the
 * standard holds, and a request with a bearer token is refused. Whether that is meant only the author knows: an info.
 */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import type { LintedGrant } from '../linted.js'
import { methodOf, refusedBy } from '../showing.js'

export function* wildcardHeadersWithoutAuthorization(grant: LintedGrant): Iterable<Diagnostic> {
  const { credentials, anyRequestHeader, requestHeaders } = grant.grant
  if (credentials || !anyRequestHeader || requestHeaders.includes('authorization')) return
  const at = `${grant.at}/requestHeaders/${grant.written.requestHeaders?.indexOf('*')}`
  const { method, ...served } = methodOf(grant)
  const witness = refusedBy(grant, {
    ...served,
    method: 'OPTIONS',
    requestMethod: method,
    requestHeaders: 'authorization',
  })
  yield diagnose('wildcard-headers-without-authorization', at, [], { severity: 'info', witness })
}
