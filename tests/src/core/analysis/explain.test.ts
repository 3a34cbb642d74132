/** Explanations: the decision is the engine's own, and the steps say why. */
import assert from 'node:assert/strict'
import { type CorsRequest, compilePolicy, evaluate, type PolicyDocument, withOrigins } from '@safeconduct/core'
import { type Explanation, explain } from '@safeconduct/core/analysis'
import { demandOf } from '@safeconduct/core/browser'
import { corpusRequests } from '../../support/corpus-requests.js'
import { inquiry } from '../../support/generate.js'
import { holds, least } from '../../support/holds.js'
import { type Row, table } from '../../support/table.js'

/** The step at which a request for this reason fails. */
const stepOf: Readonly<Record<string, Explanation['steps'][number]['step']>> = {
  'path-malformed': 'path',
  'no-rule': 'rule',
  'unknown-rule': 'rule',
  'nobody-allowed': 'rule',
  'origin-malformed': 'origin',
  'origin-not-allowed': 'grant',
  'method-malformed': 'method',
  'method-not-allowed': 'method',
  'request-headers-malformed': 'request-headers',
  'request-headers-not-allowed': 'request-headers',
}

function assertTrue(explanation: Explanation, request: CorsRequest): void {
  const { decision, steps, rule, grant, console } = explanation
  const about = JSON.stringify({ request, decision, steps })
  const failed = steps.filter(({ verdict }) => verdict === 'fail').map(({ step }) => step)
  assert.equal(rule?.id, decision.ruleId, about)
  if (decision.kind === 'non-cors') return
  assert.equal(console !== undefined, !decision.allowed && isSentByPages(explanation), about)
  if (decision.allowed) {
    assert.deepEqual(failed, [], about)
    assert.ok(grant !== undefined, about)
    return
  }
  assert.ok(failed.includes(stepOf[decision.reason] ?? 'path'), about)
}

/** Whether a script in some page brings the request about. */
function isSentByPages({ request, decision, steps }: Explanation): boolean {
  const { method, origin, requestMethod } = request
  const isPreflight = decision.kind === 'preflight'
  const hasPage = steps.some(({ step, detail }) => step === 'origin' && detail.startsWith(`${origin} is`))
  const names = isPreflight
    ? (request.requestHeaders ?? '').split(',').flatMap((name) => name.replace(/^[\t ]+|[\t ]+$/g, '') || [])
    : []
  // Elsewhere that header is one that no script sets, and nobody reads it.
  const isBounded = !isPreflight || ((request.requestHeaders ?? '').length <= 8192 && names.length <= 128)
  const areNames = names.every((name) => /^[\w!#$%&'*+.^`|~-]+$/.test(name))
  const sent = isPreflight ? (requestMethod ?? '') : method
  const isSent = demandOf({ url: 'https://server.test', method: sent })?.method === sent
  return hasPage && isSent && isBounded && areNames
}

table('an explanation', [
  [
    'has the decision of evaluate, and the step that the reason names fails, on random requests',
    () => {
      let asked = 0
      holds(200, inquiry(40), ({ document, external, requests }) => {
        const policy = withOrigins(compilePolicy(document), 'tenants', external.tenants)
        for (const request of requests) {
          const explanation = explain(policy, request)
          assert.deepEqual(explanation.decision, evaluate(policy, request))
          assertTrue(explanation, request)
          asked++
        }
      })
      assert.ok(asked > least(2000), `${asked} requests`)
    },
  ],
  [
    'of each case of the corpus has its decision',
    () => {
      for (const { name, policy, request, debug, decision } of corpusRequests()) {
        const explanation = explain(policy, request, { debug })
        assert.deepEqual(explanation.decision, decision, name)
        if (!debug) assertTrue(explanation, request)
      }
    },
  ],
  [
    'of a target without a canonical path names the fault, for each such target of the corpus',
    () => {
      const faults = new Map<string, string>()
      for (const { policy, request, each } of corpusRequests()) {
        const [step] = explain(policy, request, { target: each.request.url }).steps
        const [, fault] = /^the request target has no canonical path: (.*)$/s.exec(step?.detail ?? '') ?? []
        assert.equal(fault === undefined, step?.verdict === 'pass')
        if (fault !== undefined) faults.set(each.request.url, fault)
      }
      const authority = 'it has no host and port as URLs have them'
      const unexplained = [...faults].filter(([target, fault]) => fault === authority && target.startsWith('/'))
      assert.deepEqual(unexplained, [])
      assert.ok(new Set(faults.values()).size >= 8, [...faults.values()].join('\n'))
    },
  ],
])

const shop: PolicyDocument = {
  version: 1,
  origins: { partners: { external: true } },
  rules: [
    {
      id: 'orders',
      paths: ['/api/orders/**'],
      allow: [
        {
          origins: ['https://shop.example.com', 'https://*.preview.example.com', 'https://**.deep.example.com:8443'],
          methods: ['GET', 'PUT'],
          requestHeaders: ['content-type', 'x-csrf-token'],
          credentials: true,
        },
      ],
    },
    { id: 'api', paths: ['/api/**'], allow: [{ origins: ['*'], methods: ['GET'], requestHeaders: ['*'] }] },
    { id: 'closed', paths: ['/internal/**'], allow: [] },
  ],
}
const policy = compilePolicy(shop)

function asked(path: string, origin: string, more: Partial<CorsRequest> = {}): Explanation {
  return explain(policy, { method: 'GET', path, origin, ...more })
}

/** What is near, at the step that fails. */
function near(sentence: string, explanation: () => Explanation, step: string, misses: readonly string[]): Row {
  return [
    sentence,
    () => {
      const found = explanation().steps.find((each) => each.step === step)
      assert.equal(found?.verdict, 'fail')
      assert.deepEqual(found.nearMisses, misses)
    },
  ]
}

const preflight = (requestMethod: string, requestHeaders?: string): Partial<CorsRequest> => ({
  method: 'OPTIONS',
  requestMethod,
  ...(requestHeaders === undefined ? {} : { requestHeaders }),
})

table('near misses', [
  near('another scheme', () => asked('/api/orders/1', 'http://shop.example.com'), 'grant', [
    'https://shop.example.com (by https) is granted',
  ]),
  near('a slash at the end', () => asked('/api/orders/1', 'https://shop.example.com/'), 'grant', [
    'https://shop.example.com (without the slash or blank at its end) is granted',
  ]),
  near('as many slashes as headers hold', () => asked('/api/orders/1', `${'/'.repeat(60_000)}x`), 'grant', []),
  near('a port', () => asked('/api/orders/1', 'https://shop.example.com:8443'), 'grant', [
    'https://shop.example.com (without the port) is granted',
  ]),
  near('one label more than a star takes', () => asked('/api/orders/1', 'https://a.b.preview.example.com'), 'grant', [
    'https://b.preview.example.com (one label higher) is granted',
    'https://a.b.preview.example.com would match https://**.preview.example.com',
  ]),
  near('the apex of a wildcard', () => asked('/api/orders/1', 'https://preview.example.com'), 'grant', [
    'the grant covers what is below https://preview.example.com, not https://preview.example.com itself',
  ]),
  near('letters out of order', () => asked('/api/orders/1', 'https://shpo.example.com'), 'grant', [
    'https://shop.example.com is granted, and looks alike',
  ]),
  near('a path in capitals', () => asked('/API/orders/1', 'https://shop.example.com'), 'rule', [
    '/api/orders/1 (in lower case) has rule orders, by /api/orders/**',
  ]),
  near('a path with a letter too few', () => asked('/internl/x', 'https://shop.example.com'), 'rule', [
    '/internal/x (with internal for internl) has rule closed, by /internal/**',
  ]),
  near('one of as many segments as are looked at', () => asked(`/internl${'/x'.repeat(7)}`, 'null'), 'rule', [
    `/internal${'/x'.repeat(7)} (with internal for internl) has rule closed, by /internal/**`,
  ]),
  near('one of more', () => asked(`/internl${'/x'.repeat(8)}`, 'null'), 'rule', []),
  near('a method in lower case', () => asked('/api/orders/1', 'https://shop.example.com', preflight('put')), 'method', [
    'PUT is allowed: methods are case-sensitive',
  ]),
  near(
    'a header name with a letter too few',
    () => asked('/api/orders/1', 'https://shop.example.com', preflight('PUT', 'x-csr-token')),
    'request-headers',
    ['x-csrf-token is granted, and looks alike'],
  ),
  near(
    'authorization, which a star does not cover',
    () => asked('/api/x', 'https://shop.example.com', preflight('GET', 'authorization')),
    'request-headers',
    ['`*` covers authorization only where it is listed too'],
  ),
])

table('what an explanation says', [
  [
    'every step that fails, not just the first',
    () => {
      const { steps } = asked('/api/orders/1', 'https://shop.example.com', preflight('DELETE', 'x-other'))
      const failed = steps.filter(({ verdict }) => verdict === 'fail').map(({ step, detail }) => `${step}: ${detail}`)
      assert.deepEqual(failed, [
        "method: the grant's methods are GET, HEAD, PUT",
        'request-headers: x-other not granted; the grant\u0027s request headers are content-type, x-csrf-token',
      ])
    },
  ],
  [
    'the rules that the deciding one won over',
    () =>
      assert.deepEqual(asked('/api/orders/1', 'https://shop.example.com').rule?.over, [{ id: 'api', glob: '/api/**' }]),
  ],
  [
    'the grant, and the glob by which the origin came to it',
    () => {
      const { grant } = asked('/api/orders/1', 'https://pr-1.preview.example.com')
      assert.deepEqual([grant?.index, grant?.origin, grant?.credentials], [0, 'https://*.preview.example.com', true])
    },
  ],
  [
    'what Chromium and Firefox print',
    () => {
      const { console } = asked('/api/orders/1', 'https://evil.example')
      assert.match(
        console?.chromium ?? '',
        /^Access to fetch at '<url>' from origin 'https:\/\/evil\.example' has been blocked/,
      )
      assert.match(console?.firefox ?? '', /^Cross-Origin Request Blocked: .*‘Access-Control-Allow-Origin’ missing/)
      assert.equal(asked('/api/orders/1', 'https://shop.example.com').console, undefined)
    },
  ],
  [
    'that a preflight is what fails, where one comes first',
    () => {
      const { console } = explain(policy, { method: 'PUT', path: '/api/x', origin: 'https://shop.example.com' })
      assert.match(
        console?.chromium ?? '',
        /policy: Response to preflight request doesn't pass access control check: No/,
      )
      assert.match(console?.firefox ?? '', /missing\)\. Status code: 403\.$/)
    },
  ],
  [
    'what browsers print of a script that sends credentials, where they are not granted',
    () => {
      const { console, consoleWithCredentials } = asked('/api/x', 'https://evil.example')
      assert.equal(console, undefined)
      assert.match(consoleWithCredentials?.chromium ?? '', /must not be the wildcard '\*'/)
      assert.match(consoleWithCredentials?.firefox ?? '', /at ‘<url>’\. \(Reason: Credential is not supported/)
      assert.equal(asked('/api/orders/1', 'https://shop.example.com').consoleWithCredentials, undefined)
    },
  ],
  [
    'of a rule that allows nobody, that it does',
    () =>
      assert.match(
        asked('/internal/x', 'https://shop.example.com').steps[1]?.detail ?? '',
        /^rule closed, by \/internal\/\*\*, allows nobody$/,
      ),
  ],
])
