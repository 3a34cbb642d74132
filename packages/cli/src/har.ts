/** The requests of a HAR file (HTTP Archive 1.2), as the tools of browsers save it. */
import { Usage } from './exit.js'
import { addHeader, type PastedHeaders, type PastedRequest } from './pasted-request.js'

interface HarEntry {
  readonly request?: { readonly method?: unknown; readonly url?: unknown; readonly headers?: unknown }
}

/** Entries without a request by http or https are passed over. @throws Usage where there is none. */
export function requestsOfHar(text: string): PastedRequest[] {
  let entries: unknown
  try {
    entries = (JSON.parse(text) as { log?: { entries?: unknown } }).log?.entries
  } catch {
    throw new Usage('the paste is not JSON to its end')
  }
  if (!Array.isArray(entries)) throw new Usage('the paste is no HAR file: it has no log.entries')
  const requests = (entries as readonly (HarEntry | null)[]).flatMap((entry) => {
    const { method, url, headers } = entry?.request ?? {}
    const isHttp = typeof url === 'string' && /^https?:\/\//i.test(url)
    return isHttp && typeof method === 'string' ? [{ method, url, headers: headersOf(headers) }] : []
  })
  if (requests.length === 0) throw new Usage('the HAR file holds no request')
  return requests
}

function headersOf(list: unknown): PastedHeaders {
  const headers: PastedHeaders = {}
  for (const header of Array.isArray(list) ? list : []) {
    const { name, value } = (header ?? {}) as { name?: unknown; value?: unknown }
    // Pseudo-headers of HTTP/2 are no headers.
    if (typeof name === 'string' && typeof value === 'string' && !name.startsWith(':')) addHeader(headers, name, value)
  }
  return headers
}
