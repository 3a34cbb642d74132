/** The sites of browser-cases*.json and the pages that play them. */
import { setTimeout } from 'node:timers/promises'
import type { WireRequest, WireResponse } from '@safeconduct/core/browser'
import { type BrowserCase, type Step, serverOf, stepsOf } from '../support/browser/cases.js'
import type { RealBrowser, RealPage } from './browser.js'
import { apart, wishOf } from './case-visit.js'
import { Exchanges } from './exchanges.js'
import { Internet } from './internet.js'
import { embedder, fetchThere, pageSite } from './pages.js'
import type { Played } from './play.js'
import { rawSite } from './raw-site.js'

const hosts = [
  'app.example',
  'other.example',
  'api.example',
  'api2.example',
  'a.example',
  'a.app.example',
  'b.app.example',
]

/** How often a case is played before it is taken as it comes. */
const mostTries = 10

/** Seconds that what must be there after 4 may take on its way, where it is gone after 5. */
const mostLate = 0.5

/** Whether the steps that wait took longer than they wait. */
export function isLate(each: BrowserCase, plays: readonly Played[]): boolean {
  const waits = stepsOf(each).map(({ after = 0 }) => after)
  if (waits.every((seconds) => seconds === 0)) return false
  const [first = 0, ...later] = plays.map(({ came }) => came[0]?.at ?? 0)
  return later.some((at, i) => at - first > waits.slice(0, i + 2).reduce((sum, seconds) => sum + seconds, 0) + mostLate)
}

export class CaseStage {
  readonly #exchanges = new Exchanges()
  /** The step that each case has come to, by the case's folder. */
  readonly #steps = new Map<string, Step>()
  readonly #pages = new Map<string, Promise<RealPage>>()
  readonly internet: Internet = new Internet()
    .add(
      rawSite((request) => this.#answer(request), this.#exchanges),
      ...hosts,
    )
    .add(pageSite(), embedder)

  /**
   * Every step of a case, in a folder of its own. Where a step came late, as it may on a busy machine, what the browser kept
   * may be gone by then, or may not, so the case is played again.
   */
  async play(browser: RealBrowser, each: BrowserCase, folder: string): Promise<readonly Played[]> {
    for (let tries = 1; ; tries++) {
      const plays = await this.#playOnce(browser, apart(each, `${folder}/${tries}`), folder)
      if (tries === mostTries || !isLate(each, plays)) return plays
    }
  }

  async #playOnce(browser: RealBrowser, each: BrowserCase, folder: string): Promise<readonly Played[]> {
    const plays: Played[] = []
    let before = this.#exchanges.containing(`/${folder}/`).length
    for (const step of stepsOf(each)) {
      await setTimeout((step.after ?? 0) * 1000)
      this.#steps.set(folder, step)
      const { origin } = step.request
      const page = await this.#page(browser, origin)
      const wish = wishOf(step)
      const cameSince = () => this.#exchanges.containing(`/${folder}/`).slice(before)
      const [sight = { error: 'no sight' }] = await fetchThere(page, origin, [wish], () => cameSince().length > 0)
      const came = cameSince()
      before += came.length
      plays.push({ origin, wish, came, sight })
    }
    return plays
  }

  /** What the consoles printed of a case. */
  async printed(folder: string): Promise<readonly string[]> {
    const pages = await Promise.all(this.#pages.values())
    return pages.flatMap(({ messages }) => messages).filter((message) => message.includes(`/${folder}/`))
  }

  #page(browser: RealBrowser, origin: string): Promise<RealPage> {
    const page = this.#pages.get(origin) ?? browser.open(origin === 'null' ? `https://${embedder}/` : `${origin}/`)
    this.#pages.set(origin, page)
    return page
  }

  #answer(request: WireRequest): WireResponse {
    const { pathname } = new URL(request.url)
    const step = this.#steps.get(pathname.split('/')[1] ?? '')
    // a page, or what browsers ask for of their own accord
    if (step === undefined) return { status: 200, headers: [['Content-Type', 'text/html']] }
    return serverOf(step)(request)
  }
}
