/** How a fetch ended, in words, with what the server said where that decided. */
import { quote } from '../quote.js'
import { get } from './header-list.js'
import type { Why } from './why.js'
import type { Exchange } from './wire.js'

const sentences: Readonly<Record<Why, string>> = {
  basic: "the server is of the page's own origin, so CORS has no part in it",
  cors: 'the server shares the response with the page',
  'url-invalid': 'fetch() throws: the URL is none',
  'url-with-credentials': 'fetch() throws: the URL has a user name or a password',
  'method-invalid': 'fetch() throws: the method is no token',
  'method-forbidden': 'fetch() throws: the method is forbidden to scripts',
  'header-invalid': 'fetch() throws: a header is malformed',
  'body-not-allowed': 'fetch() throws: GET and HEAD have no body',
  'scheme-not-http': 'only http and https can be fetched from another origin',
  'proxy-authentication': 'the answer has status 407, which no page can satisfy',
  'allow-origin-missing': 'the response has no Access-Control-Allow-Origin',
  'allow-origin-mismatch': 'Access-Control-Allow-Origin is not the origin of the page',
  'allow-credentials-not-true':
    'Access-Control-Allow-Credentials is not `true`, and the request is sent with credentials',
  'preflight-allow-origin-missing': 'the answer to the preflight has no Access-Control-Allow-Origin',
  'preflight-allow-origin-mismatch':
    'Access-Control-Allow-Origin in the answer to the preflight is not the origin of the page',
  'preflight-allow-credentials-not-true':
    'Access-Control-Allow-Credentials in the answer to the preflight is not `true`, and the request is sent with credentials',
  'preflight-status-not-ok': 'the status of the answer to the preflight is not 200 to 299',
  'preflight-allow-methods-malformed': 'Access-Control-Allow-Methods in the answer to the preflight is malformed',
  'preflight-allow-headers-malformed': 'Access-Control-Allow-Headers in the answer to the preflight is malformed',
  'preflight-method-not-listed': 'the method is not in Access-Control-Allow-Methods of the answer to the preflight',
  'preflight-authorization-not-listed':
    '`authorization` is not in Access-Control-Allow-Headers of the answer to the preflight, and `*` does not cover it',
  'preflight-header-not-listed':
    'a header of the request is not in Access-Control-Allow-Headers of the answer to the preflight',
  'redirect-location-invalid': 'the Location of a redirect is no URL',
  'redirect-scheme': 'a redirect leads to a URL that is not http or https',
  'redirect-count': 'there are more than 20 redirects',
  'redirect-with-credentials': 'a redirect leads to a URL with a user name or a password',
  'redirect-stream-body': 'a redirect would have to send the body, a stream, again',
}

/** One line. */
export function explanationOf(why: Why, exchanges: readonly Exchange[]): string {
  const last = exchanges.at(-1)
  const evidence = last && evidenceOf(why, last)
  return evidence === undefined ? sentences[why] : `${sentences[why]}; ${evidence}`
}

function evidenceOf(why: Why, { headers, response }: Exchange): string | undefined {
  if (why === 'preflight-status-not-ok') return `it is ${response.status}`
  const name = deciding(why)
  if (name === undefined) return undefined
  const value = get(response.headers, name)
  const said = value === null ? 'there is none' : `it is ${quote(value)}`
  const asked = askedFor(why)
  const asks = asked === undefined ? null : get(headers, asked)
  return asks === null ? said : `${said}, where ${asked} is ${quote(asks)}`
}

/** The header of the answer that decided, where it is there. */
function deciding(why: Why): string | undefined {
  if (why.endsWith('allow-origin-mismatch')) return 'Access-Control-Allow-Origin'
  if (why.endsWith('allow-credentials-not-true')) return 'Access-Control-Allow-Credentials'
  if (/^preflight-(?:allow-methods|method)/.test(why)) return 'Access-Control-Allow-Methods'
  return /^preflight-(?:allow-headers|authorization|header)/.test(why) ? 'Access-Control-Allow-Headers' : undefined
}

/** The header of the request that it did not meet. */
function askedFor(why: Why): string | undefined {
  if (why.endsWith('allow-origin-mismatch')) return 'Origin'
  if (why === 'preflight-method-not-listed') return 'Access-Control-Request-Method'
  return /^preflight-(?:authorization|header)/.test(why) ? 'Access-Control-Request-Headers' : undefined
}
