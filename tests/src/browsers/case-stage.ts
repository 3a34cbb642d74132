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

  /** Every step of a case, in a folder of its own. */
  async play(browser: RealBrowser, each: BrowserCase, folder: string): Promise<readonly Played[]> {
    const plays: Played[] = []
    let before = 0
    for (const step of stepsOf(apart(each, folder))) {
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
