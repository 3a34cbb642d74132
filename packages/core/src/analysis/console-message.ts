/**
 * What the consoles of browsers say of a refused request. They see headers only: most refusals look alike to them, which
 * is why a policy explains its own. The words are those of `browser/console-message.ts`, found by playing a page's
 * `fetch()` against the policy in the model of each browser.
 */
import { Browser } from '../browser/browser.js'
import { type ConsoleBrowser, consoleMessage } from '../browser/console-message.js'
import { chromium156, type Deviations, firefox153 } from '../browser/deviations.js'
import { get } from '../browser/header-list.js'
import { normalizeMethod } from '../browser/method.js'
import type { CredentialsMode, FetchRequest } from '../browser/request.js'
import { isPreflight, type WireRequest, type WireResponse } from '../browser/wire.js'
import { requestedNames } from '../evaluate/coverage.js'
import { type EvaluateOptions, evaluate, isPreflight as isPreflightRequest } from '../evaluate/evaluate.js'
import type { CorsRequest } from '../evaluate/request.js'
import type { Policy } from '../policy/policy.js'
import { parseOrigin } from '../web/origin.js'

export interface ConsoleMessages {
  readonly chromium: string
  readonly firefox: string
}

/**
 * For the `fetch()` that brings the request about; undefined where the script may read, and where no page sends the request.
 * A browser shows its URL where this says `<url>`, and the status of the application's response where it says `<status>`.
 */
export function consoleMessages(
  policy: Policy,
  request: CorsRequest,
  credentials: CredentialsMode,
  options?: EvaluateOptions,
): ConsoleMessages | undefined {
  const { origin } = request
  const init = fetchOf(request, credentials)
  if (origin === undefined || init === undefined || (origin !== 'null' && !parseOrigin(origin))) return undefined
  const play = (browser: ConsoleBrowser, deviations: Deviations): string | undefined => {
    const answer = (wire: WireRequest) => answerOf(policy, asked(request, wire), options)
    const result = new Browser({ origin, deviations }).fetch(init, answer)
    return consoleMessage(browser, origin, result)?.replaceAll(url, '<url>').replace(`: ${unknown}.`, ': <status>.')
  }
  const chromium = play('chromium', chromium156)
  const firefox = play('firefox', firefox153)
  return chromium === undefined || firefox === undefined ? undefined : { chromium, firefox }
}

const url = 'https://url.invalid/'

/** The status of the application's response. */
const unknown = 599

/** What a script would have to ask for; undefined where none can: `put` is sent as `PUT`. */
function fetchOf(request: CorsRequest, credentials: CredentialsMode): FetchRequest | undefined {
  const isPreflight = isPreflightRequest(request)
  const method = isPreflight ? (request.requestMethod ?? '') : request.method
  const names = isPreflight ? requestedNames(request.requestHeaders) : []
  if (names === undefined || normalizeMethod(method) !== method) return undefined
  // no name is safelisted with that value
  return { url, method, headers: [...names].map((name) => [name, '"'] as const), credentials }
}

/** The preflight, or what it announces. */
function asked(request: CorsRequest, wire: WireRequest): CorsRequest {
  const { requestMethod: _, requestHeaders: __, ...rest } = request
  const names = get(wire.headers, 'Access-Control-Request-Headers')
  return {
    ...rest,
    method: wire.method,
    ...(isPreflight(wire) ? { requestMethod: get(wire.headers, 'Access-Control-Request-Method') ?? '' } : {}),
    ...(names === null ? {} : { requestHeaders: names }),
  }
}

function answerOf(policy: Policy, request: CorsRequest, options?: EvaluateOptions): WireResponse {
  const decision = evaluate(policy, request, options)
  return {
    status: decision.kind === 'preflight' ? decision.status : unknown,
    headers: Object.entries(decision.headers),
  }
}
