/** The browser's side: whatever a server answers, there is an outcome, and what it lets a script read is exposed. */
import assert from 'node:assert/strict'
import {
  chromium156,
  type Deviations,
  type Outcome,
  type PageRequest,
  standard,
  wouldBrowserAllow,
} from '@safeconduct/core/browser'
import fc from 'fast-check'
import { hostile, origin } from '../../support/generate.js'
import { area } from '../area.js'
import { editedText } from '../edits.js'
import { origins, targets } from '../seeds.js'

interface Input {
  readonly request: PageRequest
  readonly answers: readonly { readonly status: number; readonly headers: Readonly<Record<string, string>> }[]
  readonly browser: 'standard' | 'chromium'
}

const browsers: Readonly<Record<Input['browser'], Deviations>> = { standard, chromium: chromium156 }

const value = fc.oneof(
  fc.constantFrom(
    '*',
    'null',
    'true',
    'True',
    'GET, PUT',
    'GET,,PUT',
    '*, x-a',
    'x-a',
    '0',
    '-1',
    '600',
    '1e3',
    '',
    ' * ',
  ),
  fc.constantFrom(...origins),
  editedText(fc.constantFrom('https://a.example', 'GET, PUT', 'x-a, x-b', '/elsewhere', 'https://b.example/x')),
)

const headers = fc.dictionary(
  fc.constantFrom(
    ...['access-control-allow-origin', 'access-control-allow-credentials', 'access-control-allow-methods'],
    ...[
      'access-control-allow-headers',
      'access-control-expose-headers',
      'access-control-max-age',
      'location',
      'vary',
      'etag',
    ],
  ),
  value,
)

const answer = fc.record({
  status: fc.constantFrom(200, 200, 204, 299, 301, 302, 303, 307, 308, 403, 404, 500),
  headers,
})

export const browser = area<Input>({
  name: 'browser',
  about: 'a browser comes to an outcome, whatever it is asked and answered',
  inputs: fc.record({
    request: fc.record(
      {
        from: fc.oneof(origin, fc.constant('null')),
        url: fc.oneof(
          fc.constantFrom(...targets).map((target) => `https://api.example${target}`),
          editedText(fc.constantFrom('https://a.example/x', 'http://a.example:3000/x?y#z')),
        ),
        method: fc.oneof(fc.constantFrom('GET', 'put', 'PATCH', 'CONNECT', '*', 'HEAD', 'POST'), hostile),
        headers: fc.dictionary(fc.oneof(fc.constantFrom('x-a', 'Content-Type', 'range', 'Cookie'), hostile), value),
        credentials: fc.constantFrom('omit', 'same-origin', 'include'),
      },
      { requiredKeys: ['from', 'url'] },
    ) as fc.Arbitrary<PageRequest>,
    answers: fc.array(answer, { minLength: 1, maxLength: 3 }),
    browser: fc.constantFrom<Input['browser']>('standard', 'chromium'),
  }),
  check: ({ request, answers, browser: name }) => {
    let asked = 0
    const next = () => answers[asked++ % answers.length] ?? { status: 500, headers: {} }
    let outcome: Outcome
    try {
      outcome = wouldBrowserAllow(request, next, { deviations: browsers[name] })
    } catch (thrown) {
      // What it is not for: an origin that is none, a host that is not in ASCII.
      if (thrown instanceof TypeError && /origin|A-labels/.test(thrown.message)) return
      throw thrown
    }
    assert.ok(asked <= 50, `${asked} requests`)
    assert.ok(outcome.explanation.length > 0)
    assert.equal(outcome.exchanges.length, asked)
    if (!outcome.readable) assert.deepEqual(outcome.exposedHeaderNames, [])
  },
})
