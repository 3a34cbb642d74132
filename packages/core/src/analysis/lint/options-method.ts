/**
 * `OPTIONS` in a list of methods, as other libraries ask for it: a preflight needs no entry, and what is allowed is that
 * scripts send OPTIONS themselves. WebDAV clients do, so a list that has one of its methods is left alone.
 */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import type { LintedGrant } from '../linted.js'
import { allowedBy } from '../showing.js'

const ofTheWeb: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY']

export function* optionsMethod(grant: LintedGrant): Iterable<Diagnostic> {
  const { methods } = grant.written
  if (!Array.isArray(methods) || methods.length === 1) return
  const listed: readonly string[] = methods
  const i = listed.indexOf('OPTIONS')
  if (i === -1 || !listed.every((method) => ofTheWeb.includes(method))) return
  const witness = allowedBy(grant, { method: 'OPTIONS' })
  yield diagnose('options-method', `${grant.at}/methods/${i}`, [], { severity: 'info', remove: true, witness })
}
