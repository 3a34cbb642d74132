/** The model of the browser, asked about what a real one did: the server's answers are those that were really given. */
import {
  Browser,
  type Deviations,
  type FetchResult,
  isPreflight,
  type PreflightCache,
  type WireRequest,
} from '@safeconduct/core/browser'
import type { Seen } from './exchanges.js'
import type { Wish } from './scripts.js'

export interface Replay extends FetchResult {
  /** What the model sends, and what came, as lines; they are equal where it is a model of this browser. */
  readonly sent: readonly string[]
  readonly came: readonly string[]
}

export interface Replayed {
  readonly page: string
  readonly wish: Wish
  readonly came: readonly Seen[]
  readonly deviations: Deviations
  readonly cache?: PreflightCache
}

export function replay({ page, wish, came, ...options }: Replayed): Replay {
  const answers = [...came]
  const last = () => came[Math.max(0, came.length - answers.length - 1)]
  const browser = new Browser({ origin: page, clock: () => last()?.at ?? 0, ...options })
  const { hearsUpload = false, ...init } = wish
  const result = browser.fetch({ ...init, useCorsPreflight: hearsUpload }, () => {
    return answers.shift()?.response ?? { status: 599, headers: [] }
  })
  return { ...result, sent: result.exchanges.map(lineOf), came: came.map(lineOf) }
}

/** A user name in the URL stays at home. */
export function lineOf(request: WireRequest): string {
  const shown = ['origin', 'access-control-request-method', 'access-control-request-headers']
  const headers = shown.flatMap((name) => {
    const value = request.headers.find(([other]) => other.toLowerCase() === name)?.[1]
    return value === undefined ? [] : [`${name}: ${value}`]
  })
  return [
    isPreflight(request) ? 'preflight' : request.method,
    request.url.replace(/^(https?:\/\/)[^/@]*@/, '$1'),
    ...headers,
  ].join(' ')
}
