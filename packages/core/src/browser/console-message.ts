/**
 * What a browser's console prints when it refuses: for every step of the Fetch standard that can fail, the words of
 * Chromium and of Firefox. The tests hold them against what the browsers themselves print.
 */
import type { FetchResult } from './browser.js'
import { get, isToken, sameName, valuesOf } from './header-list.js'
import { originOf, parseUrl } from './url.js'
import type { CorsCheckFailure, Why } from './why.js'
import { type Exchange, isPreflight } from './wire.js'

export type ConsoleBrowser = 'chromium' | 'firefox'

/** What a message quotes. */
interface Evidence {
  /** The exchange that failed. */
  readonly last: Exchange
  /** Value of a header of its answer; null where there is none. */
  readonly answered: (name: string) => string | null
  readonly method: string
  /** The first header that was asked for and is not listed. */
  readonly header: string
}

/** Where a browser has no words, its console says that the request failed, and no more. */
interface Wording {
  /** The step that fails. */
  readonly step: string
  readonly chromium?: (evidence: Evidence) => string
  /** The reason alone, and the status where Firefox adds it. */
  readonly firefox?: (evidence: Evidence) => string
}

const allowOrigin = 'Access-Control-Allow-Origin'
const allowCredentials = 'Access-Control-Allow-Credentials'
const allowMethods = 'Access-Control-Allow-Methods'
const allowHeaders = 'Access-Control-Allow-Headers'

/** "CORS check". */
const checks: Readonly<Record<CorsCheckFailure, Required<Wording>>> = {
  'allow-origin-missing': {
    step: 'Fetch, "CORS check", step 2',
    chromium: () => `No '${allowOrigin}' header is present on the requested resource.`,
    firefox: ({ last }) => `CORS header ‘${allowOrigin}’ missing). Status code: ${last.response.status}.`,
  },
  'allow-origin-mismatch': {
    step: 'Fetch, "CORS check", step 4',
    chromium: ({ answered }) => mismatchInChromium(answered(allowOrigin) ?? ''),
    firefox: ({ last, answered }) => {
      if (valuesOf(last.response.headers, allowOrigin).length > 1)
        return `Multiple CORS header ‘${allowOrigin}’ not allowed).`
      const value = answered(allowOrigin) ?? ''
      return value === '*'
        ? `Credential is not supported if the CORS header ‘${allowOrigin}’ is ‘*’).`
        : `CORS header ‘${allowOrigin}’ does not match ‘${value}’).`
    },
  },
  'allow-credentials-not-true': {
    step: 'Fetch, "CORS check", step 7',
    chromium: ({ answered }) =>
      `The value of the '${allowCredentials}' header in the response is '${answered(allowCredentials) ?? ''}' which must be 'true' when the request's credentials mode is 'include'.`,
    firefox: () => `expected ‘true’ in CORS header ‘${allowCredentials}’).`,
  },
}

function mismatchInChromium(value: string): string {
  if (value === '*')
    return `The value of the '${allowOrigin}' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.`
  const cure = 'Have the server send the header with a valid value.'
  if (/[ ,]/.test(value))
    return `The '${allowOrigin}' header contains multiple values '${value}', but only one is allowed. ${cure}`
  return value === 'null' || parseUrl(value) !== undefined
    ? `The '${allowOrigin}' header has a value '${value}' that is not equal to the supplied origin. ${cure}`
    : `The '${allowOrigin}' header contains the invalid value '${value}'. ${cure}`
}

const failedPreflight = "Response to preflight request doesn't pass access control check: "

function ofPreflight(wording: Required<Wording>): Wording {
  return {
    ...wording,
    step: wording.step.replace('Fetch, ', 'Fetch, "CORS-preflight fetch", step 7: '),
    chromium: (evidence) => failedPreflight + wording.chromium(evidence),
  }
}

/** Refusals of which a console says more than that the network failed. */
const wordings: Partial<Readonly<Record<Why, Wording>>> = {
  ...checks,
  'preflight-allow-origin-missing': ofPreflight(checks['allow-origin-missing']),
  'preflight-allow-origin-mismatch': ofPreflight(checks['allow-origin-mismatch']),
  'preflight-allow-credentials-not-true': ofPreflight(checks['allow-credentials-not-true']),
  'preflight-status-not-ok': {
    step: 'Fetch, "CORS-preflight fetch", step 7',
    chromium: () => `${failedPreflight}It does not have HTTP ok status.`,
    firefox: ({ last }) => `CORS preflight response did not succeed). Status code: ${last.response.status}.`,
  },
  'preflight-allow-methods-malformed': {
    step: 'Fetch, "CORS-preflight fetch", step 7.3',
    chromium: () => `Cannot parse ${allowMethods} response header field in preflight response.`,
    firefox: ({ answered }) => `invalid token ‘${badToken(answered(allowMethods))}’ in CORS header ‘${allowMethods}’).`,
  },
  'preflight-allow-headers-malformed': {
    step: 'Fetch, "CORS-preflight fetch", step 7.3',
    chromium: () => `Cannot parse ${allowHeaders} response header field in preflight response.`,
    firefox: ({ answered }) => `invalid token ‘${badToken(answered(allowHeaders))}’ in CORS header ‘${allowHeaders}’).`,
  },
  'preflight-method-not-listed': {
    step: 'Fetch, "CORS-preflight fetch", step 7.5',
    chromium: ({ method }) => `Method ${method} is not allowed by ${allowMethods} in preflight response.`,
    firefox: () => `Did not find method in CORS header ‘${allowMethods}’).`,
  },
  'preflight-header-not-listed': {
    step: 'Fetch, "CORS-preflight fetch", step 7.7',
    chromium: ({ header }) => `Request header field ${header} is not allowed by ${allowHeaders} in preflight response.`,
    firefox: ({ header }) =>
      `header ‘${header}’ is not allowed according to header ‘${allowHeaders}’ from CORS preflight response).`,
  },
  'redirect-with-credentials': {
    step: 'Fetch, "HTTP-redirect fetch", steps 7 and 8',
    chromium: () =>
      "Redirect location '' contains a username and password, which is disallowed for cross-origin requests.",
  },
  'proxy-authentication': {
    step: 'Fetch, "HTTP-network-or-cache fetch", for status 407',
    firefox: ({ last }) => `CORS preflight response did not succeed). Status code: ${last.response.status}.`,
  },
}

/** What asked, in Chromium's words: a font, a script, an image, an EventSource (a resource). Firefox does not say. */
export type Initiator = 'fetch' | 'XMLHttpRequest' | 'image' | 'script' | 'font' | 'resource'

/**
 * The line that a browser's console prints for a request from a page that ended so; undefined where the script may read,
 * and where the console speaks of the network only. `result` should be that of a browser with this one's deviations.
 */
export function consoleMessage(
  browser: ConsoleBrowser,
  page: string,
  { why, exchanges }: Pick<FetchResult, 'why' | 'exchanges'>,
  initiator: Initiator = 'fetch',
): string | undefined {
  const last = exchanges.at(-1)
  const say = wordings[why]?.[browser]
  if (say === undefined || last === undefined) return undefined
  if (why === 'redirect-with-credentials' && staysAtHome(page, last)) return undefined
  const reason = say(evidenceOf(last))
  if (browser === 'firefox') {
    const url = reason.startsWith('Credential') ? `‘${last.url}’` : last.url
    return `Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ${url}. (Reason: ${reason}`
  }
  const first = exchanges[0]?.url
  const from = first === last.url ? '' : ` (redirected from '${first}')`
  const shown = isRedirected(last)
    ? `${failedPreflight}Redirect is not allowed for a preflight request.`
    : `${reason}${initiator === 'XMLHttpRequest' && reason.includes("credentials mode is 'include'") ? ofXhr : ''}`
  const message = `Access to ${initiator} at '${last.url}'${from} from origin '${page}' has been blocked by CORS policy: ${shown}`
  return message.replace(/[\0-\x1f\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`)
}

const ofXhr =
  ' The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute.'

/** A redirect of a page's own server to itself is none of CORS. */
function staysAtHome(page: string, { url, response }: Exchange): boolean {
  const base = parseUrl(url)
  const location = base && parseUrl(get(response.headers, 'Location') ?? '', base)
  return [base, location].every((each) => each !== undefined && originOf(each) === page)
}

/** The step of the standard at which it ended; undefined where the script may read, and for failures that are none of CORS. */
export function failedStep(why: Why): string | undefined {
  return wordings[why]?.step
}

function isRedirected(exchange: Exchange): boolean {
  const { status, headers } = exchange.response
  return isPreflight(exchange) && [301, 302, 303, 307, 308].includes(status) && get(headers, 'Location') !== null
}

function evidenceOf(last: Exchange): Evidence {
  const answered = (name: string) => get(last.response.headers, name)
  const listed = elements(answered(allowHeaders))
  const names = elements(get(last.headers, 'Access-Control-Request-Headers'))
  return {
    last,
    answered,
    method: get(last.headers, 'Access-Control-Request-Method') ?? last.method,
    header: names.find((name) => !listed.some((other) => sameName(other, name))) ?? '',
  }
}

function badToken(list: string | null): string {
  return elements(list).find((element) => !isToken(element)) ?? ''
}

function elements(list: string | null): string[] {
  return (list ?? '').split(',').flatMap((element) => element.trim() || [])
}
