import assert from 'node:assert/strict'
import { openPlace } from '../../support/command.js'
import { shopBefore } from '../../support/example-policies.js'
import { table } from '../../support/table.js'

const suite = `version: 1
external: { partners: [https://partner.example] }
matrices:
  - name: who changes orders
    origins: [https://shop.example.com, https://evil.example]
    paths: [/api/orders/7, /api/orders/internal/7]
    methods: [POST]
    allow: [{ origins: [https://shop.example.com], paths: [/api/orders/7], credentials: true }]
cases:
  - name: partners read
    fetch: { from: https://partner.example, path: /api/orders/7 }
    expect: { readable: true, rule: orders }
`
const failing = suite.replace('readable: true', 'readable: false').replace('allow: [{', 'allow: [] #')

const place = openPlace({
  'shop.cors.yaml': shopBefore,
  'shop.cors.test.yaml': suite,
  'failing/shop.cors.test.json': JSON.stringify({ version: 1, policy: '../shop.cors.yaml', cases: [] }),
  'failing/orders.cors.test.yaml': failing.replace('version: 1', 'version: 1\npolicy: ../shop.cors.yaml'),
})

table('test', [
  [
    'runs a suite against the policy beside it',
    async () => {
      const { code, out, err } = await place.run('test shop.cors.test.yaml')
      assert.deepEqual(
        [code, out, err],
        [
          0,
          'shop.cors.test.yaml\n  ✔ who changes orders (4 cells)\n  ✔ partners read\n\n1 suite: 2 passed, 0 failed\n',
          '',
        ],
      )
    },
  ],
  [
    'tells what was expected, what came, and why',
    async () => {
      const { code, out } = await place.run('test failing/orders.cors.test.yaml')
      assert.equal(code, 3)
      assert.deepEqual(out.split('\n').slice(0, 12), [
        'failing/orders.cors.test.yaml',
        '  ✘ who changes orders: 1 of 4 cells (failing/orders.cors.test.yaml:5:5)',
        '    POST /api/orders/7 from https://shop.example.com',
        '      - refused',
        '      + allowed with credentials',
        '      allowed: rule orders, by /api/orders/**, grants it to https://shop.example.com with credentials',
        '  ✘ partners read (failing/orders.cors.test.yaml:11:5)',
        '    fetch GET /api/orders/7 from https://partner.example',
        '      - readable: false',
        '      + readable: true',
        '      the server shares the response with the page; allowed: rule orders, by /api/orders/**, grants it to https://partner.example without credentials',
        '',
      ])
    },
  ],
  [
    'without names it runs all suites here and below',
    async () => {
      const { code, out } = await place.run('test --format json')
      assert.equal(code, 3)
      assert.deepEqual(JSON.parse(out).files, [
        'failing/orders.cors.test.yaml',
        'failing/shop.cors.test.json',
        'shop.cors.test.yaml',
      ])
    },
  ],
  [
    'a suite that tests nothing fails',
    async () => {
      const { code, out } = await place.run('test failing/shop.cors.test.json')
      const told = '✘ the suite has tests: it has no matrices and no cases'
      assert.deepEqual([code, out], [3, `failing/shop.cors.test.json\n  ${told}\n\n1 suite: 0 passed, 1 failed\n`])
      const annotated = await place.run('test --format github failing/shop.cors.test.json')
      assert.match(annotated.out, /^::error .*it has no matrices and no cases/)
    },
  ],
  [
    'a suite that is none is told with places, and the others run',
    async () => {
      place.write('bad/a.cors.test.yaml', `${suite.replace('expect: {', 'expects: {')}`)
      place.write('bad/b.cors.test.yaml', suite.replace('version: 1', 'version: 1\npolicy: ../shop.cors.yaml'))
      const { code, out } = await place.run('test bad')
      assert.equal(code, 3)
      assert.match(
        out,
        /^bad\/a\.cors\.test\.yaml\n {2}✘ is not a valid suite\n {4}bad\/a\.cors\.test\.yaml:12:5 unknown-key: unknown key `expects`; did you mean `expect`\?\n/,
      )
      assert.match(out, /\n2 suites: 2 passed, 1 failed\n$/)
    },
  ],
  [
    'a suite that gives a group what it cannot hold',
    async () => {
      place.write('shop2.cors.yaml', shopBefore)
      place.write('shop2.cors.test.yaml', suite.replace('partners: [', 'web: ['))
      const { code, out } = await place.run('test shop2.cors.test.yaml')
      assert.equal(code, 3)
      assert.match(out, /✘ is not a valid suite\n {4}shop2\.cors\.test\.yaml:2:\d+ unknown-group: /)
    },
  ],
  [
    'a policy in the place of its suite',
    async () => {
      const { code, err } = await place.run('test shop.cors.yaml')
      assert.deepEqual(
        [code, err],
        [
          2,
          'safeconduct: shop.cors.yaml is a policy; name its suite, such as shop.cors.test.yaml (safeconduct test --suggest shop.cors.yaml writes one)\n(safeconduct help test shows how)\n',
        ],
      )
    },
  ],
  [
    'without a policy beside it',
    async () => {
      place.write('alone.cors.test.yaml', suite)
      const { code, out } = await place.run('test alone.cors.test.yaml')
      assert.equal(code, 3)
      assert.match(out, /^ {4}alone\.cors\.test\.yaml policy-missing: there is no policy beside it; name it there: /m)
    },
  ],
  [
    'whose policy is not there fails with its place, and the others run',
    async () => {
      place.write('lost/a.cors.test.yaml', suite.replace('version: 1', 'version: 1\npolicy: ./nope.yaml'))
      place.write('lost/b.cors.yaml', shopBefore)
      place.write('lost/b.cors.test.yaml', suite)
      const { code, out, err } = await place.run('test lost')
      assert.deepEqual([code, err], [3, ''])
      assert.match(
        out,
        /✘ is not a valid suite\n {4}lost\/a\.cors\.test\.yaml:2:9 policy-missing: there is no policy \.\/nope\.yaml\n/,
      )
      assert.match(out, /✔ partners read\n\n2 suites: 2 passed, 1 failed\n$/)
      const [finding] = JSON.parse((await place.run('test lost --format json')).out).findings
      assert.deepEqual(
        [finding.code, finding.file, finding.position.line],
        ['policy-missing', 'lost/a.cors.test.yaml', 2],
      )
    },
  ],
  [
    'whose policy does not load fails with what is wrong, and the others run',
    async () => {
      place.write('broken/a.cors.yaml', `${shopBefore}\nrulez: []\n`)
      place.write('broken/a.cors.test.yaml', suite)
      place.write('broken/b.cors.yaml', shopBefore)
      place.write('broken/b.cors.test.yaml', suite)
      const { code, out, err } = await place.run('test broken')
      assert.deepEqual([code, err], [3, ''])
      assert.match(
        out,
        /✘ is not a valid suite\n {4}broken\/a\.cors\.test\.yaml:1:1 policy-invalid: broken\/a\.cors\.yaml is not a valid policy: 22:1 unknown-key: .*\n/,
      )
      assert.match(out, /✔ partners read\n\n2 suites: 2 passed, 1 failed\n$/)
    },
  ],
  [
    'whose policy is not there gets no cases suggested',
    async () =>
      assert.deepEqual(await place.run('test --suggest lost/a.cors.test.yaml'), {
        code: 1,
        out: '',
        err: 'safeconduct: lost/a.cors.test.yaml:2:9: there is no policy ./nope.yaml\n',
      }),
  ],
])

table(
  'coverage',
  [
    [
      'says which classes of requests no test visits, with a request each',
      async () => {
        const { code, out } = await place.run('test shop.cors.test.yaml --coverage')
        assert.equal(code, 0)
        assert.match(out, /^ {2}coverage: 44 % \(4 of 9 classes of requests\)$/m)
        assert.match(out, /^ {4}no test: paths without a rule\n {6}e\.g\. GET \/x from https:\/\/evil\.example$/m)
      },
    ],
    [
      'fails below the threshold, and not at it',
      async () => {
        const at = await place.run('test shop.cors.test.yaml --coverage-threshold 44')
        const above = await place.run('test shop.cors.test.yaml --coverage-threshold 44.5 --format tap')
        assert.deepEqual([at.code, above.code], [0, 3])
        assert.match(above.out, /^not ok 3 - coverage of at least 44\.5 %\n {2}---\n {2}message: "it is 44 %"\n/m)
      },
    ],
    [
      'suggested cases make it whole, and pass',
      async () => {
        const { code, out } = await place.run('test --suggest shop.cors.test.yaml')
        assert.equal(code, 0)
        assert.match(
          out,
          /^# For shop\.cors\.test\.yaml: what the policy says now\. Is it what it ought to say\?\ncases:\n {2}- name: "/,
        )
        place.write('full.cors.yaml', shopBefore)
        place.write('full.cors.test.yaml', suite + out.split('\n').slice(2).join('\n'))
        const full = await place.run('test full.cors.test.yaml --coverage-threshold 100')
        assert.equal(full.code, 0, full.out)
        assert.equal(
          (await place.run('test --suggest full.cors.test.yaml')).out,
          '# full.cors.test.yaml lacks no case\n',
        )
      },
    ],
    [
      'for a policy without a suite, the whole suite',
      async () => {
        place.write('deep/x.cors.yaml', shopBefore)
        const { out } = await place.run('test --suggest deep/x.cors.yaml')
        place.write('whole.cors.test.yaml', out)
        const { code, out: told } = await place.run('test whole.cors.test.yaml --coverage-threshold 100')
        assert.equal(code, 0, told)
      },
    ],
    [
      'for a suite in JSON, as JSON has it',
      async () => {
        const { out } = await place.run('test --suggest failing/shop.cors.test.json')
        assert.match(out, /^\/\/ For failing\/shop\.cors\.test\.json: /)
        const { cases } = JSON.parse(`{${out.split('\n').slice(1).join('\n')}}`)
        assert.ok(cases.length >= 7)
      },
    ],
    [
      'for a suite that is none, nothing',
      async () => {
        const { code, err } = await place.run('test --suggest bad/a.cors.test.yaml')
        assert.deepEqual(
          [code, err],
          [
            1,
            'safeconduct: bad/a.cors.test.yaml is not a valid suite; safeconduct test bad/a.cors.test.yaml tells why\n',
          ],
        )
      },
    ],
  ],
  { after: () => place.close() },
)
