/** The tour of a browser through the corpus: once to the page of every origin, where all that its scripts do is done. */
import assert from 'node:assert/strict'
import type { BrowserName, RealBrowser, RealPage } from './browser.js'
import type { Turn } from './corpus-turns.js'
import { models } from './differences.js'
import { eventually } from './eventually.js'
import type { Exchanges } from './exchanges.js'
import { embedder, fetchThere, visit } from './pages.js'
import { messages, type Played } from './play.js'
import type { Wish } from './scripts.js'

export interface Tour {
  readonly plays: ReadonlyMap<Turn, Played>
  /** Origins of which the browser shows no page. */
  readonly unshown: readonly string[]
  /** What was foretold of the console, and was not printed. */
  readonly unprinted: ReadonlyMap<Turn, string>
}

export async function tour(browser: RealBrowser, turns: readonly Turn[], exchanges: Exchanges): Promise<Tour> {
  const plays = new Map<Turn, Played>()
  const unprinted = new Map<Turn, string>()
  const unshown: string[] = []
  const blank = () => browser.open(`https://${embedder}/`)
  let page = await blank()
  for (const origin of new Set(turns.map(({ visit: { page: of } }) => of))) {
    if (!(await isShown(page, origin))) {
      unshown.push(origin)
      page = await blank()
      continue
    }
    const own = await playOn(
      page,
      origin,
      turns.filter(({ visit: { page: of } }) => of === origin),
      exchanges,
    )
    for (const [turn, played] of own) plays.set(turn, played)
    for (const [turn, message] of await unprintedOf(page, browser.name, own)) unprinted.set(turn, message)
  }
  return { plays, unshown, unprinted }
}

async function isShown(page: RealPage, origin: string): Promise<boolean> {
  try {
    await visit(page, origin)
    return true
  } catch {
    return false
  }
}

type Plays = readonly (readonly [Turn, Played])[]

async function playOn(page: RealPage, origin: string, turns: readonly Turn[], exchanges: Exchanges): Promise<Plays> {
  const wishes = turns.map((turn) => ({ ...turn.visit.wish, credentials: turn.mode }))
  const cameOf = ({ url }: Wish) => exchanges.endingIn(url.slice(url.lastIndexOf('case=')))
  const sights = await fetchThere(page, origin, wishes, (wish) => cameOf(wish).length > 0)
  return wishes.map((wish, i) => {
    const came = cameOf(wish)
    const sight = sights[i] ?? assert.fail('a sight for each wish')
    return [turns[i] ?? assert.fail('a turn for each wish'), { origin, wish, came, sight }]
  })
}

/** What a page has to print is lost where it is left too soon. */
async function unprintedOf(
  page: RealPage,
  browser: BrowserName,
  plays: Plays,
): Promise<readonly (readonly [Turn, string])[]> {
  const foretold = plays.flatMap(([turn, played]) => {
    const [message] = messages(browser, [played], models[browser])
    return message === undefined ? [] : [[turn, message] as const]
  })
  const missing = () => foretold.filter(([, message]) => !page.messages.includes(message))
  await eventually(() => missing().length === 0)
  return missing()
}
