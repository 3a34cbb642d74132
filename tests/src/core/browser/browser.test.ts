/**
 * The proof of the model of the browser's side: against cases of the standard, against what a real browser was seen to
 * do, and against itself.
 */
import assert from 'node:assert/strict'
import {
  Browser,
  chromium156,
  type Deviations,
  demandOf,
  type HeaderList,
  standard,
  type WireResponse,
} from '@safeconduct/core/browser'
import { unplayable } from '../../browsers/case-visit.js'
import { differences, models } from '../../browsers/differences.js'
import { type BrowserCase, type Observation, observe, observeLater, readCases } from '../../support/browser/cases.js'
import { type Row, table } from '../../support/table.js'

const cases = readCases('browser-cases.json')
const more = readCases('browser-cases-more.json')

/** Every field that a case expects is seen; a field that nobody looks at is a mistake in the case. */
function meets(expected: Readonly<Record<string, unknown>>, seen: Observation): void {
  for (const [field, value] of Object.entries(expected)) {
    if (field === 'why') assert.ok(typeof value === 'string' && value !== '', 'a case says why')
    else if (!Object.hasOwn(seen, field)) assert.fail(`the case expects \`${field}\`, which is not observed`)
    else assert.deepEqual({ [field]: seen[field] }, { [field]: value })
  }
}

function row(each: BrowserCase, check: () => void): Row {
  return [`${each.id}: ${each.expected.why}`, check]
}

table(
  'the standard, the shared cases',
  cases.map((each) => row(each, () => meets(each.expected, observe(each)))),
)

table(
  'the standard, clauses that those do not reach',
  more.map((each) => row(each, () => meets(each.expected, observe(each)))),
)

/** The fields of an observation of Chromium, under the names of the standard's. */
function ofChromium(each: BrowserCase): Readonly<Record<string, unknown>> {
  const { preflighted, deviatesFromSpec: _, ...rest } = each.chromium156 ?? {}
  return preflighted === undefined ? rest : { preflightNeeded: preflighted, ...rest }
}

const measured = [...cases, ...more].filter((each) => each.chromium156)

table(
  'Chromium 156, as measured',
  measured.map((each) => row(each, () => meets(ofChromium(each), observe(each, chromium156)))),
)

table(
  'Chromium 156 deviates where it is marked to, and nowhere else',
  measured.map((each) =>
    row(each, () => {
      const own = observe(each, chromium156)
      const byTheStandard = observe(each, standard)
      const differs = Object.keys(ofChromium(each)).some(
        (field) => JSON.stringify(own[field]) !== JSON.stringify(byTheStandard[field]),
      )
      assert.equal(differs, each.chromium156?.deviatesFromSpec)
    }),
  ),
)

for (const [browser, model] of Object.entries(models)) {
  const own = differences.filter((difference) => difference.browser === browser)
  table(
    `the model of ${browser} differs from the standard only where the browser was seen to`,
    [...cases, ...more]
      .filter((each) => unplayable(each) === undefined)
      .map((each) =>
        row(each, () => {
          const shown = (deviations: Deviations) => JSON.stringify({ ...observe(each, deviations), step: undefined })
          const differs = shown(model) !== shown(standard)
          assert.ok(!differs || own.some((difference) => difference.cases.includes(each.id)))
        }),
      ),
  )
}

table('the corpus', [
  ['has all 107 shared cases', () => assert.equal(cases.length, 107)],
  [
    'has every case measured in Chromium among the shared ones',
    () => assert.ok(cases.every((each) => each.chromium156)),
  ],
  [
    'fails on a field that is not observed',
    () => assert.throws(() => meets({ why: 'x', browserAllowed: true }, { browserAllows: true }), /is not observed/),
  ],
  ['fails on a value that is not so', () => assert.throws(() => meets({ acrm: 'PUT' }, { acrm: 'GET' }))],
  ['gives every case a source', () => assert.ok([...cases, ...more].every((each) => each.source !== ''))],
  [
    'is answered alike by a server that answers later',
    async () => {
      for (const each of [...cases, ...more]) assert.deepEqual(await observeLater(each), observe(each), each.id)
    },
  ],
])

/** A server of redirects: /0 to /1 and so on until /last, which answers 200. */
function redirects(last: number): (wire: { readonly url: string }) => WireResponse {
  return ({ url }) => {
    const at = Number(new URL(url).pathname.slice(1))
    const headers: HeaderList = [['Access-Control-Allow-Origin', '*']]
    return at === last ? { status: 200, headers } : { status: 302, headers: [...headers, ['Location', `/${at + 1}`]] }
  }
}

const page = () => new Browser({ origin: 'https://app.example' })

table('a browser', [
  [
    'follows 20 redirects',
    () => assert.equal(page().fetch({ url: 'https://api.example/0' }, redirects(20)).why, 'cors'),
  ],
  [
    'does not follow 21',
    () => assert.equal(page().fetch({ url: 'https://api.example/0' }, redirects(21)).why, 'redirect-count'),
  ],
  [
    'asks a server twice that answers 421, and takes the second answer',
    () => {
      let asked = 0
      const headers: HeaderList = [['Access-Control-Allow-Origin', '*']]
      const { why } = page().fetch({ url: 'https://api.example/' }, () => ({
        status: ++asked === 1 ? 421 : 200,
        headers,
      }))
      assert.deepEqual([why, asked], ['cors', 2])
    },
  ],
  [
    'has a cache of its own, unless it is given one',
    () => {
      const server = (): WireResponse => ({
        status: 204,
        headers: [
          ['Access-Control-Allow-Origin', '*'],
          ['Access-Control-Allow-Methods', 'PUT'],
        ],
      })
      const request = { url: 'https://api.example/', method: 'PUT' }
      const [one, other] = [page(), page()]
      const asked = [one, one, other].map((browser) => browser.fetch(request, server).preflighted)
      assert.deepEqual(asked, [true, false, true])
    },
  ],
  [
    'keeps the exchanges in order, with the answers',
    () => {
      const server = (wire: { readonly method: string }): WireResponse => ({
        status: wire.method === 'OPTIONS' ? 204 : 200,
        headers: [
          ['Access-Control-Allow-Origin', '*'],
          ['Access-Control-Allow-Methods', 'PUT'],
        ],
      })
      const { exchanges } = page().fetch({ url: 'https://api.example/#top', method: 'put', body: '{}' }, server)
      assert.deepEqual(
        exchanges.map(({ method, url, body, response }) => [method, url, body, response.status]),
        [
          ['OPTIONS', 'https://api.example/', undefined, 204],
          ['PUT', 'https://api.example/', '{}', 200],
        ],
      )
    },
  ],
])

table('what a policy has to cover for a request', [
  [
    'is the method as it is sent, and the CORS-unsafe names that a script can set',
    () => {
      const headers: HeaderList = [
        ['X-B', '1'],
        ['x-a', '1'],
        ['Cookie', 'a=b'],
        ['Accept', 'text/html'],
        ['Content-Type', 'application/json'],
      ]
      assert.deepEqual(demandOf({ url: 'https://api.example/', method: 'delete', headers }), {
        method: 'DELETE',
        unsafeHeaderNames: ['content-type', 'x-a', 'x-b'],
      })
    },
  ],
  [
    'is judged as the browser at hand judges',
    () => {
      const request = { url: 'https://api.example/', headers: [['Save-Data', 'on'] as const] }
      assert.deepEqual(demandOf(request)?.unsafeHeaderNames, ['save-data'])
      assert.deepEqual(demandOf(request, chromium156)?.unsafeHeaderNames, [])
    },
  ],
  [
    'is nothing where the API throws',
    () => assert.equal(demandOf({ url: 'https://api.example/', method: 'TRACE' }), undefined),
  ],
])
