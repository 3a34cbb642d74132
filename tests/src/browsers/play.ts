/** What a page did, saw and printed; and the model's word on the same. */
import { consoleMessage, type Deviations, preflightCacheFor } from '@safeconduct/core/browser'
import type { BrowserName } from './browser.js'
import type { Seen } from './exchanges.js'
import { lineOf, type Replay, replay } from './replay.js'
import type { Sight, Wish } from './scripts.js'

/** One fetch of a real page. */
export interface Played {
  readonly origin: string
  readonly wish: Wish
  readonly came: readonly Seen[]
  readonly sight: Sight
}

/** What is compared: whether the script read, what went over the wire, which headers the script saw. */
export interface Account {
  readonly reads: boolean
  readonly wire: readonly string[]
  readonly headers: readonly string[]
}

/** What HTTP itself adds on the way, which no site of the tests notes. */
const ofHttp = ['connection', 'date', 'keep-alive', 'transfer-encoding']

/** Of the browser. `ignored` are further headers that it makes up. */
export function accounts(plays: readonly Played[], ignored: readonly string[] = []): readonly Account[] {
  return plays.map(({ came, sight }) => ({
    reads: 'status' in sight,
    wire: came.map(lineOf),
    headers: 'status' in sight ? sight.headers.filter((name) => ![...ofHttp, ...ignored].includes(name)) : [],
  }))
}

/** Of the model, one browser for all of them: it is given the answers that the browser was. */
export function modelled(plays: readonly Played[], deviations: Deviations): readonly Account[] {
  return replays(plays, deviations).map(({ readable, sent, exposedHeaderNames }) => ({
    reads: readable,
    wire: sent,
    headers: exposedHeaderNames,
  }))
}

/** What the console of this browser has to say of each, undefined where it has nothing to say about CORS. */
export function messages(
  browser: BrowserName,
  plays: readonly Played[],
  deviations: Deviations,
): readonly (string | undefined)[] {
  return replays(plays, deviations).map((result, i) => {
    const { origin = '', wish } = plays[i] ?? {}
    return consoleMessage(browser, origin, result, wish?.hearsUpload ? 'XMLHttpRequest' : 'fetch')
  })
}

function replays(plays: readonly Played[], deviations: Deviations): readonly Replay[] {
  const cache = preflightCacheFor(deviations)
  return plays.map(({ origin, wish, came }) => replay({ page: origin, wish, came, deviations, cache }))
}
