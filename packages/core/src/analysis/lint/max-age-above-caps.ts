/** More than browsers keep: two hours in Chromium, ten minutes in WebKit. Firefox alone keeps up to a day. */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import type { LintedGrant } from '../linted.js'
import { allowedBy, methodOf } from '../showing.js'

const capOfChromium = 7200

export function* maxAgeAboveCaps(grant: LintedGrant): Iterable<Diagnostic> {
  if (grant.grant.maxAge <= capOfChromium) return
  const { method, ...served } = methodOf(grant)
  const witness = allowedBy(grant, { ...served, method: 'OPTIONS', requestMethod: method })
  yield diagnose('max-age-above-caps', `${grant.at}/maxAge`, [String(grant.written.maxAge)], {
    severity: 'info',
    fix: '2h',
    witness,
  })
}
