/**
 * What the consoles of browsers say of a refused request. They see headers only: most refusals look alike to them, which
 * is why a policy explains its own.
 */
import type { Decision } from '../evaluate/decision.js'
import type { CorsRequest } from '../evaluate/request.js'

export interface ConsoleMessages {
  readonly chromium: string
  readonly firefox: string
}

/**
 * The message for a request by `fetch` without credentials; absent where the script may read, and where no browser sends
 * the request. A browser shows its URL where this says `<url>`.
 */
export function consoleMessages(request: CorsRequest, decision: Decision): ConsoleMessages | undefined {
  if (decision.kind === 'non-cors' || decision.allowed) return undefined
  const origin = request.origin ?? ''
  const blocked = `Access to fetch at '<url>' from origin '${origin}' has been blocked by CORS policy: `
  const disallowed = (reason: string, status: number | undefined): string =>
    `Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at <url>. (Reason: ${reason}).${
      status === undefined ? '' : ` Status code: ${status}.`
    }`
  const missing = "No 'Access-Control-Allow-Origin' header is present on the requested resource."
  if (decision.kind === 'actual') {
    return {
      chromium: blocked + missing,
      firefox: disallowed('CORS header ‘Access-Control-Allow-Origin’ missing', 200),
    }
  }
  if (decision.headers['access-control-allow-origin'] === undefined) {
    return {
      chromium: `${blocked}Response to preflight request doesn't pass access control check: ${missing}`,
      firefox: disallowed('CORS header ‘Access-Control-Allow-Origin’ missing', decision.status),
    }
  }
  if (decision.reason === 'method-not-allowed') {
    return {
      chromium: `${blocked}Method ${request.requestMethod} is not allowed by Access-Control-Allow-Methods in preflight response.`,
      firefox: disallowed('Did not find method in CORS header ‘Access-Control-Allow-Methods’', undefined),
    }
  }
  const listed = new Set((decision.headers['access-control-allow-headers'] ?? '').split(','))
  const refused = (request.requestHeaders ?? '').split(',').find((name) => !listed.has(name)) ?? ''
  return {
    chromium: `${blocked}Request header field ${refused} is not allowed by Access-Control-Allow-Headers in preflight response.`,
    firefox: disallowed(
      `header ‘${refused}’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response`,
      undefined,
    ),
  }
}
