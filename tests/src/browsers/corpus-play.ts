/**
 * The corpus in real browsers: for every case that a page can bring about, a page of its origin fetches, without credentials
 * and with them, from a server with the case's policy. The script reads the response if and only if the decision says so, the
 * server gets the request that the case is about and answers as decided, the model of the browser agrees about all of it,
 * and the console prints what was foretold.
 */
import assert from 'node:assert/strict'
import { explain } from '@safeconduct/core/analysis'
import { standard } from '@safeconduct/core/browser'
import { policyOf, requestOf } from '../support/corpus.js'
import { ofTheDay } from '../support/holds.js'
import type { Row } from '../support/table.js'
import type { BrowserName } from './browser.js'
import type { Play, Stage } from './browser-table.js'
import { addCorpusSites } from './corpus-sites.js'
import { type Tour, tour } from './corpus-tour.js'
import { corpus, modes, type Turn, turns } from './corpus-turns.js'
import { invented, models, unshown } from './differences.js'
import { Exchanges } from './exchanges.js'
import { Internet } from './internet.js'
import { embedder, pageSite } from './pages.js'
import { accounts, messages, modelled, type Played } from './play.js'

/** Of each topic those of the day. */
const chosen: readonly Turn[] = corpus.flatMap((file) => ofTheDay(turns.filter((turn) => turn.file === file)))
const origins = [...new Set(chosen.map(({ visit }) => visit.page))]

/** Whether a browser shows no page of this origin, although it should. */
function isUnshown(name: BrowserName, origin: string): boolean {
  const hosts = unshown.filter(({ browser }) => browser === name).flatMap((entry) => entry.hosts)
  return origin !== 'null' && hosts.some((part) => new URL(origin).hostname.includes(part))
}

/** What the decision of a case says of a script with this credentials mode; undefined where the case leaves it open. */
function mayRead({ each: { decision }, mode, visit }: Turn): boolean | undefined {
  if (visit.comes === 'after a preflight that the case leaves open') return undefined
  if (decision.kind === 'non-cors') return true
  return decision.allowed && (mode !== 'include' || decision.headers['access-control-allow-credentials'] === 'true')
}

/** The CORS headers that were answered to the request of the case itself; undefined if it never came. */
function answered({ each: { decision } }: Turn, { came }: Played): readonly string[] | undefined {
  const isPreflight = decision.kind === 'preflight'
  const own = came.find(
    ({ headers }) => headers.some(([name]) => name === 'access-control-request-method') === isPreflight,
  )
  return own && corsLines(own.response.headers.filter(([name]) => /^(access-control-|vary$)/.test(name)))
}

function decided({ each: { decision } }: Turn): readonly string[] {
  const vary = decision.vary.length === 0 ? [] : [['vary', decision.vary.join()] as const]
  return corsLines([...Object.entries(decision.headers), ...vary])
}

/** Lists without their order, which may be that of the request; the application's own Vary is left out. */
function corsLines(headers: readonly (readonly [name: string, value: string])[]): string[] {
  const lists = new Map<string, string[]>()
  for (const [name, value] of headers) lists.set(name, [...(lists.get(name) ?? []), ...value.split(/ *, */)])
  const vary = (lists.get('vary') ?? []).filter((item) => item !== 'Accept-Encoding')
  return [...lists.set('vary', vary)].map(([name, items]) => `${name}: ${items.sort()}`).sort()
}

function agree(turn: Turn, played: Played, name: BrowserName): void {
  const about = `${turn.each.name}, ${turn.mode}`
  const [seen] = accounts([played], invented[name])
  assert.deepEqual([seen], modelled([played], models[name]), about)
  assert.equal(seen?.reads, modelled([played], standard)[0]?.reads, `${about}: a deviation changes the outcome`)
  assert.equal(seen?.reads, mayRead(turn) ?? seen?.reads, about)
  assertForetold(turn, played, name)
  if (turn.mode !== 'same-origin' || turn.visit.comes !== 'as it stands') return
  assert.equal(seen?.reads, turn.each.reads ?? seen?.reads, about)
  assert.deepEqual(answered(turn, played), decided(turn), about)
}

/** What `explain` says of the case's console is what the console says, which the tour has seen. */
function assertForetold({ file, each, mode, visit }: Turn, played: Played, name: BrowserName): void {
  if (visit.comes === 'after a preflight that the case leaves open' || visit.wish.hearsUpload) return
  const explanation = explain(policyOf(file), requestOf(file, each), { debug: each.debug ?? false })
  const { console, consoleWithCredentials = console } = explanation
  const foretold = (mode === 'include' ? consoleWithCredentials : console)?.[name]
  const status = String(played.came.at(-1)?.response.status)
  const [message] = messages(name, [played], models[name])
  assert.equal(foretold?.replace('<url>', visit.wish.url).replace('<status>', status), message, each.name)
}

/** For `browserTable`. */
export function corpusPlay({ name, browser }: Stage): Play {
  const exchanges = new Exchanges()
  const hosts = origins.flatMap((origin) => (origin === 'null' ? [] : new URL(origin).hostname))
  const internet = new Internet().add(pageSite(), embedder, ...hosts)
  addCorpusSites(internet, exchanges)
  let started: Promise<Tour> | undefined
  const toured = (): Promise<Tour> => {
    started ??= tour(browser(), chosen, exchanges)
    return started
  }

  const topics = corpus.map((file): Row => {
    const all = turns.filter((turn) => turn.file === file)
    const own = chosen.filter((turn) => turn.file === file)
    const some = own.length < all.length ? `, ${own.length} scripts of ${all.length}` : ''
    return [
      `${file.topic}: ${all.length / modes.length} of ${file.cases.length} cases, without credentials and with them${some}`,
      async () => {
        const { plays } = await toured()
        for (const turn of own) {
          const played = plays.get(turn)
          if (played !== undefined) agree(turn, played, name)
          else assert.ok(isUnshown(name, turn.visit.page), `${turn.each.name}: no page`)
        }
      },
    ]
  })
  return {
    internet,
    rows: [
      ...topics,
      [
        'every page is shown but those that are known not to be',
        async () =>
          assert.deepEqual(
            (await toured()).unshown,
            origins.filter((origin) => isUnshown(name, origin)),
          ),
      ],
      [
        'the console prints what was foretold of it',
        async () => assert.deepEqual([...(await toured()).unprinted.values()], []),
      ],
    ],
  }
}
