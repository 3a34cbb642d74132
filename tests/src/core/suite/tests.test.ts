/** A suite as the tests of a test library: their names, and what a failing one throws. */
import assert from 'node:assert/strict'
import { type SuiteDocument, suiteTests } from '@safeconduct/core/suite'
import { parseSuite } from '@safeconduct/core/text'
import { shop, shopSuite } from '../../support/shop.js'
import { table } from '../../support/table.js'

const suite = `
version: 1
matrices:
  - name: strangers only read
    origins: [https://evil.example]
    paths: [/api/orders]
    methods: [GET, POST, DELETE]
    allow: [{ origins: [https://evil.example], methods: [POST] }]
cases:
  - name: the shop reads
    fetch: { from: https://shop.example.com, path: /api/orders, credentials: include }
    expect: { readable: true, exposed: [] }
  - name: and fonts are for everybody
    request: { path: /assets/a.woff2, origin: https://evil.example }
    expect: { outcome: allowed }
`

function thrown(document: SuiteDocument): (readonly [name: string, message: string])[] {
  return suiteTests(shop(), document).map(([name, check]) => {
    try {
      check()
      return [name, '']
    } catch (error) {
      assert.ok(error instanceof Error)
      return [name, error.message]
    }
  })
}

table('the tests of a suite', [
  ['pass where it does', () => assert.ok(thrown(shopSuite).every(([, message]) => message === ''))],
  [
    'are named after its matrices and cases',
    () =>
      assert.deepEqual(
        suiteTests(shop(), shopSuite).map(([name]) => name),
        [...(shopSuite.matrices ?? []), ...(shopSuite.cases ?? [])].map(({ name }) => name),
      ),
  ],
  [
    'are one that fails where it has none',
    () => assert.deepEqual(thrown({ version: 1 }), [['the suite has tests', 'it has no matrices and no cases']]),
  ],
  [
    'say what was asked, expected and found, why, and where it stands',
    () =>
      assert.deepEqual(thrown(parseSuite(suite, { file: 'shop.cors.test.yaml' })), [
        [
          'strangers only read',
          [
            'strangers only read: 2 of 3 cells (shop.cors.test.yaml:4:5)',
            '  GET /api/orders from https://evil.example',
            '    - refused',
            '    + allowed',
            '    allowed: rule orders, by /api/orders/**, grants it to * without credentials',
            '  POST /api/orders from https://evil.example',
            '    - allowed',
            '    + refused',
            "    refused (rule orders: method-not-allowed): the grant's methods are GET, HEAD",
          ].join('\n'),
        ],
        [
          'the shop reads',
          [
            'the shop reads (shop.cors.test.yaml:10:5)',
            '  fetch GET /api/orders from https://shop.example.com credentials include',
            '    - exposed: none',
            '    + exposed: etag',
            '    the server shares the response with the page; allowed: rule orders, by /api/orders/**, grants it to https://shop.example.com with credentials',
          ].join('\n'),
        ],
        ['and fonts are for everybody', ''],
      ]),
  ],
  [
    'say no more than ten cells of a matrix',
    () => {
      const paths = Array.from({ length: 30 }, (_, i) => `/assets/${i}.woff`)
      const matrix = { name: 'x', origins: ['null'], paths, methods: ['GET'], allow: [] }
      const [[, message = ''] = []] = thrown({ version: 1, matrices: [matrix] })
      assert.match(message, /^x: 30 of 30 cells\n/)
      assert.match(message, /\n {2}and 20 more$/)
      assert.equal(message.split('\n').length, 1 + 10 * 4 + 1)
    },
  ],
  [
    'are not made of a suite that has faults',
    () => assert.throws(() => suiteTests(shop(), { version: 1, external: { x: [] } }), { name: 'PolicyError' }),
  ],
])
