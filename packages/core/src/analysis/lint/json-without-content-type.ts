/**
 * Methods with a body, listed by name, and no `content-type`: a JSON body is not CORS-safelisted, so the first `fetch` of
 * the front end fails its preflight. `POST` may be meant for forms, uploads and beacons, whose types are safelisted: an
 * info. The default methods say nothing about bodies.
 */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import type { LintedGrant } from '../linted.js'
import { refusedBy } from '../showing.js'

export function* jsonWithoutContentType(grant: LintedGrant): Iterable<Diagnostic> {
  const { methods } = grant.written
  const { anyRequestHeader, requestHeaders } = grant.grant
  if (!Array.isArray(methods) || anyRequestHeader || requestHeaders.includes('content-type')) return
  const listed: readonly string[] = methods
  const method = ['PUT', 'PATCH', 'POST'].find((name) => listed.includes(name))
  if (method === undefined) return
  const severity = method === 'POST' ? 'info' : 'warning'
  const witness = refusedBy(grant, { method: 'OPTIONS', requestMethod: method, requestHeaders: 'content-type' })
  yield diagnose('json-without-content-type', `${grant.at}/methods/${listed.indexOf(method)}`, [method], {
    severity,
    witness,
  })
}
