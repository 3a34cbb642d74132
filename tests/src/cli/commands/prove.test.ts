import assert from 'node:assert/strict'
import { openPlace } from '../../support/command.js'
import { shopAfter, shopBefore } from '../../support/example-policies.js'
import { type Row, table } from '../../support/table.js'

const place = openPlace({
  'shop.cors.yaml': shopBefore,
  'open.cors.yaml': shopAfter.replace('methods: [POST] }', 'methods: [GET] }'),
  'none.cors.yaml': 'version: 1\nrules: []\n',
  'partners.cors.yaml':
    "version: 1\norigins: { partners: { external: true } }\nrules: [{ id: p, paths: [/p], allow: [{ origins: ['@partners'] }] }]\n",
})

function says(command: string, code: number, out: string): Row {
  return [
    `${command} ends with ${code}`,
    async () => {
      const ran = await place.run(command)
      assert.deepEqual([ran.out, ran.code], [out, code], ran.err)
    },
  ]
}

function isNoUse(command: string, message: RegExp): Row {
  return [
    `${command} is no use`,
    async () => {
      const { code, out, err } = await place.run(command)
      assert.deepEqual([code, out], [2, ''])
      assert.match(err, message)
    },
  ]
}

table(
  'prove',
  [
    says('prove shop.cors.yaml', 0, '✔ strangers-stay-out: SEC-12\n1 of 1 hold\n'),
    says(
      'prove open.cors.yaml',
      3,
      '✘ strangers-stay-out: SEC-12\n  rule orders allows GET /api/orders from https://evil.example\n0 of 1 hold\n',
    ),
    says(
      "prove none.cors.yaml --never 'origin=http://** credentials' --builtin no-strangers",
      0,
      '✔ never origin=http://** credentials\n✔ no-strangers: an origin that nobody named is allowed nothing\n2 of 2 hold\n',
    ),
    says(
      "prove shop.cors.yaml --never 'origin=@partners path=/api/** method=GET method=POST'",
      3,
      '✔ strangers-stay-out: SEC-12\n✘ never origin=@partners path=/api/** method=GET method=POST\n  rule orders allows GET /api/orders from https://any-of-partners.invalid\n1 of 2 hold\n',
    ),
    says(
      "prove shop.cors.yaml --never 'header=x-http-method-override' --never 'header=content-type credentials=true'",
      3,
      [
        '✔ strangers-stay-out: SEC-12',
        '✔ never header=x-http-method-override',
        '✘ never header=content-type credentials=true',
        '  rule orders allows preflight for GET /api/orders from https://shop.example.com with content-type with credentials',
        '2 of 3 hold',
        '',
      ].join('\n'),
    ),
    says(
      'prove partners.cors.yaml --never origin=https://evil.example',
      0,
      '✔ never origin=https://evil.example\n  assumed: @partners holds no such origin; with https://evil.example in it, rule p would allow GET /p from https://evil.example\n1 of 1 hold\n',
    ),
    [
      'a broken invariant stands beside its line',
      async () => {
        const { out } = await place.run('prove open.cors.yaml --format github')
        assert.match(
          out,
          /^::error file=open\.cors\.yaml,line=17,col=5,title=invariant-violated::`strangers-stay-out` \(SEC-12\) is broken: rule `orders` allows `GET \/api\/orders from https:\/\/evil\.example`\n/,
        )
      },
    ],
    [
      'every built-in query is named by help, and can be asked',
      async () => {
        const { out } = await place.run('prove --help')
        const names = [...out.matchAll(/^ {2}([a-z-]+) {2,}(?:no|nobody|an)\b/gm)].map(([, name]) => name)
        assert.ok(names.length >= 4, out)
        for (const name of names) assert.notEqual((await place.run(`prove none.cors.yaml --builtin ${name}`)).code, 2)
      },
    ],
    [
      'what cannot be looked through is not proved, and the globs are named',
      async () => {
        const paths = Array.from({ length: 18 }, (_, i) => `/**/x${i}/**`).join(', ')
        place.write(
          'tangled.cors.yaml',
          `version: 1\nrules: [{ id: a, paths: [${paths}], allow: [{ origins: ['*'], methods: [GET] }] }]\n`,
        )
        const { code, out } = await place.run("prove tangled.cors.yaml --never 'method=PUT'")
        assert.equal(code, 3)
        assert.match(
          out,
          /^ {2}cannot be proved: \/\*\*\/x0\/\*\*, .* and 14 more combine in more ways than can be looked through$/m,
        )
      },
    ],
    isNoUse(
      'prove none.cors.yaml',
      /^safeconduct: none\.cors\.yaml has no invariants; give --never QUERY, or --builtin with one of no-plain-http, /,
    ),
    isNoUse(
      'prove shop.cors.yaml --builtin no-nothing',
      /no built-in query is named no-nothing; there are no-plain-http/,
    ),
    isNoUse("prove shop.cors.yaml --never ''", /a query is not empty/),
    isNoUse(
      'prove shop.cors.yaml --never https://a.example',
      /https:\/\/a\.example is no part of a query; use origin=, path=/,
    ),
    isNoUse('prove shop.cors.yaml --never origin=a.example', /origin=a\.example: `a\.example` has no scheme/),
    isNoUse('prove shop.cors.yaml --never path=/:id', /`\/:id` has a route parameter/),
    isNoUse('prove shop.cors.yaml --never method=get', /`get` is not `GET`/),
    isNoUse('prove shop.cors.yaml --never origin=@wed', /no such group: @wed/),
    isNoUse('prove shop.cors.yaml --never toString=1', /toString=1 is no part of a query/),
  ],
  { after: () => place.close() },
)
