/**
 * A header by which a `POST` stands for another method, in a grant that does not allow every method: what the list of
 * methods keeps out comes in by the header. Frameworks that know it honour it on `POST` only. (Browsers refuse it only
 * where it names a method that is forbidden anyway: Fetch, "forbidden request-header".)
 */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import type { LintedGrant } from '../linted.js'
import { allowedBy } from '../showing.js'

const overriding: readonly string[] = ['x-http-method', 'x-http-method-override', 'x-method-override']

export function* methodOverrideHeader(grant: LintedGrant): Iterable<Diagnostic> {
  if (grant.grant.methods !== 'served' && !grant.grant.methods.includes('POST')) return
  for (const [i, name] of (grant.written.requestHeaders ?? []).entries()) {
    if (!overriding.includes(name.toLowerCase())) continue
    const witness = allowedBy(grant, { method: 'OPTIONS', requestMethod: 'POST', requestHeaders: name.toLowerCase() })
    yield diagnose('method-override-header', `${grant.at}/requestHeaders/${i}`, [name], {
      severity: 'warning',
      remove: true,
      witness,
    })
  }
}
