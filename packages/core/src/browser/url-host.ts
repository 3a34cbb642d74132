/** URL standard, "host parser" and "host serializer", for special schemes. */

import { serializedIpv4, serializedIpv6 } from '../web/ip-address.js'
import { isIpHost } from '../web/origin.js'
import { percentDecoded } from './percent-encoding.js'

/**
 * The host as it is serialized; undefined is failure.
 *
 * @throws TypeError on a host outside ASCII.
 */
export function parseHost(text: string): string | undefined {
  if (text.startsWith('[')) return serializedIpv6(text.slice(1, -1))
  const domain = percentDecoded(text)?.toLowerCase()
  if (domain === undefined) throw new TypeError(`write the host ${JSON.stringify(text)} in A-labels (xn--…)`)
  // "forbidden domain code point"
  if (domain === '' || /[\0- #%/:<>?@[\\\]^|\x7f]/.test(domain)) return undefined
  return isIpHost(domain) ? serializedIpv4(domain) : domain
}
