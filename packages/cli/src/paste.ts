/** What people paste: a `curl` line copied from the tools of a browser, or a HAR file. */
import { requestOfCurl } from './curl.js'
import { Usage } from './exit.js'
import { requestsOfHar } from './har.js'
import type { PastedRequest } from './pasted-request.js'

/** The requests of a paste, whichever kind it is. @throws Usage if it is neither. */
export function pastedRequests(text: string): readonly PastedRequest[] {
  const trimmed = text.replace(/^\ufeff/, '').trim()
  if (trimmed.startsWith('{')) return requestsOfHar(trimmed)
  if (/^(?:\$\s*)?curl(?:\.exe)?\s/.test(trimmed)) return [requestOfCurl(trimmed.replace(/^\$\s*/, ''))]
  throw new Usage('the paste is neither a curl command nor a HAR file')
}
