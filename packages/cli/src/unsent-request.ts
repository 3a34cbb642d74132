/**
 * A request that a browser did not send, since its preflight was refused. Some browsers' tools then copy the headers that
 * the script set, and no `Origin`, which would have been added on the way out.
 */
import { announcementOf } from './announcement.js'
import type { PastedRequest } from './pasted-request.js'

/** With the origin of the page, where `Referer` tells it. A request that no preflight announces may truly have none. */
export function withPage(request: PastedRequest): {
  readonly request: PastedRequest
  readonly notes: readonly string[]
} {
  const { headers, method } = request
  const { origin, referer } = headers
  if (origin !== undefined || typeof referer !== 'string' || !URL.canParse(referer) || method === 'OPTIONS')
    return { request, notes: [] }
  const page = new URL(referer).origin
  const sent = { ...request, headers: { ...headers, origin: page } }
  if (announcementOf(sent) === undefined) return { request, notes: [] }
  return { request: sent, notes: [`assumed: the page is of ${page}, as Referer says; the paste has no Origin`] }
}
