/** A method that Node's HTTP parser does not know: HTTP/1.1 answers it with 400, and no route can be made for it. */
import { type Diagnostic, diagnose } from '../../diagnostic.js'
import type { LintedGrant } from '../linted.js'
import { allowedBy } from '../showing.js'

/** `http.METHODS`, of every version of Node that core runs on. */
const known: ReadonlySet<string> = new Set(
  (
    'ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK M-SEARCH MERGE MKACTIVITY MKCALENDAR MKCOL MOVE NOTIFY ' +
    'OPTIONS PATCH POST PROPFIND PROPPATCH PURGE PUT QUERY REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK ' +
    'UNLOCK UNSUBSCRIBE'
  ).split(' '),
)

export function* unroutableMethod(grant: LintedGrant): Iterable<Diagnostic> {
  const { methods } = grant.written
  if (!Array.isArray(methods)) return
  const listed: readonly string[] = methods
  // An empty list would mean the default methods: the last one is not for a program to remove.
  const remove = listed.some((method) => known.has(method))
  for (const [i, method] of listed.entries()) {
    if (method === '*' || known.has(method)) continue
    const witness = allowedBy(grant, { method: 'OPTIONS', requestMethod: method })
    yield diagnose('unroutable-method', `${grant.at}/methods/${i}`, [method], { severity: 'warning', remove, witness })
  }
}
