/**
 * The cases of what a browser does with an answer, in real browsers: each does what its model says, over the wire and
 * before the script; it differs from the standard where `differences.ts` says so and nowhere else; and its console prints
 * what was foretold.
 */
import assert from 'node:assert/strict'
import { standard } from '@safeconduct/core/browser'
import { type BrowserCase, readCases, stepsOf } from '../support/browser/cases.js'
import { ofTheDay } from '../support/holds.js'
import { type Row, table } from '../support/table.js'
import { browserTable, type Stage } from './browser-table.js'
import { CaseStage } from './case-stage.js'
import { unplayable } from './case-visit.js'
import { type Difference, differences, models } from './differences.js'
import { eventually } from './eventually.js'
import { accounts, messages, modelled, type Played } from './play.js'

const cases = ['browser-cases.json', 'browser-cases-more.json'].flatMap(readCases)
const playable = cases.filter((each) => unplayable(each) === undefined)

/** Cases are played some at a time, so that none lasts; then, at once, those that wait. */
function allOf(
  stage: CaseStage,
  browser: Stage['browser'],
  chosen: readonly BrowserCase[],
): (each: BrowserCase) => Promise<readonly Played[]> {
  let all: ReadonlyMap<BrowserCase, Promise<readonly Played[]>> | undefined
  const start = () => {
    const waits = (each: BrowserCase) => stepsOf(each).some(({ after = 0 }) => after > 0)
    const plays = new Map<BrowserCase, Promise<readonly Played[]>>()
    const lanes: Promise<unknown>[] = Array.from({ length: 8 }, () => Promise.resolve())
    const play = (each: BrowserCase, turn: Promise<unknown>) => {
      const played = turn.then(() => stage.play(browser(), each, folderOf(each)))
      plays.set(each, played)
      return played.catch(() => undefined)
    }
    for (const [i, each] of chosen.filter((one) => !waits(one)).entries()) {
      lanes[i % lanes.length] = play(each, lanes[i % lanes.length] ?? Promise.resolve())
    }
    const quiet = Promise.all(lanes)
    for (const each of chosen.filter(waits)) play(each, quiet)
    return plays
  }
  return (each) => {
    all ??= start()
    return all.get(each) ?? assert.fail(`${each.id} is not played`)
  }
}

/** A path segment that is no part of another's. */
function folderOf({ id }: BrowserCase): string {
  return `of-${id}`
}

function isListed({ id }: BrowserCase, own: readonly Difference[]): boolean {
  return own.some((difference) => difference.cases.includes(id))
}

browserTable('what browsers do with an answer', ({ name, browser }) => {
  const stage = new CaseStage()
  const model = models[name]
  const own = differences.filter((difference) => difference.browser === name)
  // What shows a difference is played every day: a new version of a browser may have lost it.
  const telling = playable.filter((each) => isListed(each, own))
  const others = playable.filter((each) => !telling.includes(each))
  const chosen = [...telling, ...ofTheDay(others)]
  const play = allOf(stage, browser, chosen)

  const rowsOf = (some: readonly BrowserCase[]): readonly Row[] =>
    some.map((each) => [
      `${each.id}: ${each.expected.why}`,
      async () => {
        const plays = await play(each)
        const seen = accounts(plays)
        assert.deepEqual(seen, modelled(plays, model))
        const differs = !isEqual(seen, modelled(plays, standard))
        assert.equal(differs, isListed(each, own), differs ? 'a new difference' : 'a difference that shows no more')
        for (const message of messages(name, plays, model)) {
          if (message === undefined) continue
          const isPrinted = async () => (await stage.printed(folderOf(each))).includes(message)
          if (await eventually(isPrinted)) continue
          assert.fail(`${message}\nis not among\n${(await stage.printed(folderOf(each))).join('\n')}`)
        }
      },
    ])

  const attributions = own.map(
    ({ does, deviation, cases: shown }): Row => [
      `in the model, ${deviation} makes it so: ${does}`,
      async () => {
        for (const each of playable.filter(({ id }) => shown.includes(id))) {
          const plays = await play(each)
          const without = { ...model, [deviation]: standard[deviation] }
          assert.notDeepEqual(modelled(plays, without), accounts(plays), each.id)
        }
      },
    ],
  )
  const left = others.filter((each) => !chosen.includes(each))
  return { internet: stage.internet, rows: [...rowsOf(chosen), ...attributions], left: rowsOf(left) }
})

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

table('the cases that no page plays', [
  [
    'are these, for these reasons',
    () => {
      const reasons = cases.flatMap((each) => (unplayable(each) === undefined ? [] : [[each.id, unplayable(each)]]))
      assert.deepEqual(Object.fromEntries(reasons), {
        'm-flag-get': 'an upload that is heard has a body',
        'm-stream-body': 'streams are sent over HTTP/2 only',
        'so-other-scheme': 'mixed content: a page by https is kept from http',
        'so-custom-scheme': 'no page has such an origin',
        'pc-expiry': 'it takes minutes',
        'pc-flag-null-methods-other': 'an upload that is heard has a body',
        'pc-update': 'it takes minutes',
        'rd-http-to-https': 'mixed content: a page by https is kept from http',
        'rd-stream-307': 'streams are sent over HTTP/2 only',
        'rd-stream-303': 'streams are sent over HTTP/2 only',
        'dv-max-age-limit': 'it takes minutes',
      })
    },
  ],
])

table('the list of differences', [
  [
    'is about cases that are played',
    () => {
      const ids = playable.map(({ id }) => id)
      assert.deepEqual(
        differences.flatMap(({ cases: shown }) => shown.filter((id) => !ids.includes(id))),
        [],
      )
    },
  ],
])
