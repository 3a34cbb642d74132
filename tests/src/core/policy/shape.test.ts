/** The shape of documents: what is said of which fault, and that nothing whatever makes the check throw. */
import assert from 'node:assert/strict'
import { checkPolicy, type Diagnostic } from '@safeconduct/core'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { checkShape } from '../../../../packages/core/dist/policy/shape.js'
import { least, trials } from '../../support/holds.js'
import { read } from '../../support/sources.js'
import { type Row, table } from '../../support/table.js'
import { isAtMost } from '../../support/time.js'

const withGrant = (grant: object) => ({ version: 1, rules: [{ id: 'a', paths: ['/a'], allow: [grant] }] })
const withRule = (rule: object) => ({ version: 1, rules: [rule] })
const withOrigins = (origins: unknown) => ({ version: 1, origins, rules: [] })

const told = (document: unknown) =>
  checkShape(document).map(({ pointer, code, message }) => `${pointer} ${code}: ${message}`)

function says(rows: readonly (readonly [document: unknown, ...lines: string[]])[]): Row[] {
  return rows.map(([document, ...lines]) => [lines.join('\n'), () => assert.deepEqual(told(document), lines)])
}

table('the sentences of shape', [
  ...says([
    // Keys.
    [{ version: 1, rules: [], polices: 1 }, '/polices unknown-key: unknown key `polices`; remove it'],
    [{ version: 1, orgins: {}, rules: [] }, '/orgins unknown-key: unknown key `orgins`; did you mean `origins`?'],
    [{ version: 1, 'a/b~c': 1, rules: [] }, '/a~1b~0c unknown-key: unknown key `a/b~c`; remove it'],
    [
      withRule({ id: 'a', path: ['/a'], allow: [] }),
      '/rules/0/path unknown-key: unknown key `path`; did you mean `paths`?',
    ],
    [
      withRule({ id: 'a', paths: ['/a'], allow: [], methods: ['GET'] }),
      '/rules/0/methods unknown-key: unknown key `methods`; move it to a grant (an entry of `allow`)',
    ],
    [withGrant({ origins: ['*'], id: 'b' }), '/rules/0/allow/0/id unknown-key: unknown key `id`; move it to a rule'],
    [
      JSON.parse('{"version":1,"rules":[],"__proto__":{}}'),
      '/__proto__ unknown-key: unknown key `__proto__`; remove it',
    ],
    [{ version: 1, rules: [], constructor: 1 }, '/constructor unknown-key: unknown key `constructor`; remove it'],
    [{ rules: [] }, ' schema: the policy has no `version`; add `"version": 1`'],
    [
      { version: 1 },
      ' schema: the policy has no `rules`; add it, if only as `"rules": []`, which allows nobody anything',
    ],
    [
      withRule({ id: 'a', paths: ['/a'] }),
      '/rules/0 schema: item 1 of `rules` has no `allow`; add it, if only as `"allow": []`, which allows nobody',
    ],
    [withGrant({}), '/rules/0/allow/0 schema: item 1 of `allow` has no `origins`; say who may'],

    // Kinds.
    [
      withGrant({ origins: ['*'], credentials: 'true' }),
      '/rules/0/allow/0/credentials schema: `credentials` must be true or false, not the text `"true"`; write `true`',
    ],
    [
      withGrant({ origins: ['*'], credentials: 'yes' }),
      '/rules/0/allow/0/credentials schema: `credentials` must be true or false, not the text `"yes"`; write `true`',
    ],
    [
      withGrant({ origins: '*' }),
      '/rules/0/allow/0/origins schema: `origins` must be a list, not the text `"*"`; write `["*"]`',
    ],
    [
      withGrant({ origins: ['*'], methods: 'GET' }),
      '/rules/0/allow/0/methods schema: `methods` must be a list of methods, or `served`, not the text `"GET"`; write `["GET"]`',
    ],
    [
      withGrant({ origins: ['*'], methods: 'Serve' }),
      '/rules/0/allow/0/methods schema: `methods` must be a list of methods, or `served`, not the text `"Serve"`; write `served`',
    ],
    [
      withGrant({ origins: ['*'], maxAge: true }),
      '/rules/0/allow/0/maxAge schema: `maxAge` must be seconds, or text such as `"10m"`, not `true`',
    ],
    [
      withRule({ id: 404, paths: [8080], allow: [] }),
      '/rules/0/id schema: `id` must be text, not the number `404`; write `"404"`',
      '/rules/0/paths/0 schema: item 1 of `paths` must be text, not the number `8080`; write `"8080"`',
    ],
    [
      { version: 1, preflightStatus: '200', rules: {} },
      '/preflightStatus schema: `preflightStatus` must be a whole number, not the text `"200"`; write `200`',
      '/rules schema: `rules` must be a list, not an object',
    ],
    [
      withOrigins({ web: 'https://a.example' }),
      '/origins/web schema: group `web` must be a list of origins, or `{ "external": true }`, not the text `"https://a.example"`; write `["https://a.example"]`',
    ],
    [withOrigins({ web: [null] }), '/origins/web/0 schema: item 1 of group `web` must be text, not `null`'],
    [null, ' schema: the policy must be an object, not `null`'],
    [[], ' schema: the policy must be an object, not a list'],

    // Values.
    [{ version: '1', rules: [] }, '/version schema: `version` must be `1`, not the text `"1"`'],
    [
      { version: 1, preflightStatus: 304, rules: [] },
      '/preflightStatus schema: `preflightStatus` must be at most 299, not the number `304`',
    ],
    [
      withOrigins({ 'a b': [] }),
      '/origins/a b schema: `a b` is no name for a group; use letters, digits, `-`, `_` and `.`, a letter or digit first',
    ],
    [withOrigins({ a: { external: false } }), '/origins/a/external schema: `external` must be `true`, not `false`'],
    [
      withOrigins({ a: { extern: true } }),
      '/origins/a/extern unknown-key: unknown key `extern`; did you mean `external`?',
    ],
    [
      withOrigins({ a: {} }),
      '/origins/a schema: group `a` has no `external`; write `{ "external": true }`, or a list of origins',
    ],
    [
      withRule({ id: 'publicFonts', paths: ['/a', '/b', '/a'], allow: [] }),
      '/rules/0/id schema: `id` must be kebab-case, not the text `"publicFonts"`; write `public-fonts`',
      '/rules/0/paths/2 schema: the text `"/a"` stands twice in `paths`; keep one',
    ],
    [
      withGrant({ origins: [] }),
      '/rules/0/allow/0/origins schema: `origins` is empty, so the grant allows nobody; list origins, or remove the grant',
    ],
    [
      withGrant({ origins: ['*'], accept: [{ code: 'insecure-orgin', because: ' ', until: '2027-13-01' }] }),
      '/rules/0/allow/0/accept/0/code schema: the text `"insecure-orgin"` is no code that can be waived; did you mean `insecure-origin`?',
      '/rules/0/allow/0/accept/0/because schema: `because` says nothing; give the reason',
      '/rules/0/allow/0/accept/0/until schema: `until` must be a date such as `2027-01-31`, not the text `"2027-13-01"`',
    ],
    [
      withGrant({ origins: ['*'], accept: [{ code: 'null-origin', because: 'x' }] }),
      '/rules/0/allow/0/accept/0/code schema: the text `"null-origin"` cannot be waived; correct what it is about',
    ],
    [
      {
        version: 1,
        rules: [],
        invariants: [
          { id: 'a', never: {} },
          { id: 'b', never: { paths: [] } },
        ],
      },
      '/invariants/0/never schema: `never` has no field, so every request would meet it; say which are never to be allowed',
      '/invariants/1/never/paths schema: `paths` is empty, so nothing meets it; list something, or leave it out',
    ],
  ]),
])

/** Words of other configurations, and slips. */
const meant: readonly (readonly [key: string, meant: string])[] = [
  ['origin', 'origins'],
  ['allowedOrigins', 'origins'],
  ['allow-origin', 'origins'],
  ['Access-Control-Allow-Origin', 'origins'],
  ['method', 'methods'],
  ['allowMethods', 'methods'],
  ['headers', 'requestHeaders'],
  ['allowedHeaders', 'requestHeaders'],
  ['requestHeader', 'requestHeaders'],
  ['exposeHeaders', 'exposedHeaders'],
  ['exposedheaders', 'exposedHeaders'],
  ['allowCredentials', 'credentials'],
  ['credential', 'credentials'],
  ['max-age', 'maxAge'],
  ['maxage', 'maxAge'],
  ['max_age_seconds', 'maxAge'],
  ['waivers', 'accept'],
  ['accepts', 'accept'],
]

table('the key that was meant', [
  ...meant.map(
    ([key, name]): Row => [
      `${key} in a grant was meant to be ${name}`,
      () => {
        const near = checkShape(withGrant({ origins: ['*'], [key]: 1 })).filter((d) => d.code === 'unknown-key')
        assert.match(near[0]?.message ?? '', new RegExp(`did you mean \`${name}\``))
      },
    ],
  ),
  ...['x', 'foo', 'toString', 'hasOwnProperty', 'valueOf', '', 'ö'.repeat(100_000)].map(
    (key): Row => [
      `${JSON.stringify(key.slice(0, 20))} is like nothing`,
      () => assert.match(told({ version: 1, rules: [], [key]: 1 }).join(), /remove it$/),
    ],
  ),
])

const valid = [
  { version: 1, rules: [] },
  withGrant({ origins: ['*'], methods: 'served', maxAge: 0, requestHeaders: [], exposedHeaders: [] }),
  withRule({ id: '2fa', paths: [], allow: [] }),
  withOrigins({ constructor: [], 'a.b_c-1': { external: true } }),
  Object.assign(Object.create(null), { version: 1, rules: [] }),
  { version: 1, rules: [], origins: undefined, preflightStatus: undefined },
  structuredClone({ version: 1, preflightStatus: 200, rules: [] }),
]

/** What the check of meaning says better: the shape must not be first with a dull word. */
const leftToMeaning = [
  withGrant({ origins: ['Shop.Example.com/', 'null', 'https://a.example', 'https://a.example'] }),
  withGrant({ origins: ['@nobody'], methods: ['patch', 'TRACE', 'a b', ''], requestHeaders: ['cookie', 'a b', ''] }),
  withGrant({ origins: ['*'], exposedHeaders: ['*', 'set-cookie'], maxAge: '10 minutes' }),
  withGrant({ origins: ['*'], maxAge: -1 }),
  withGrant({ origins: ['*'], maxAge: 1.5 }),
  withRule({ id: 'a', paths: ['no-slash', '/a?', '/a**b'], allow: [] }),
]

table('what has the right shape', [
  ...valid.map((document, i): Row => [`document ${i + 1} passes`, () => assert.deepEqual(checkShape(document), [])]),
  ...leftToMeaning.map(
    (document, i): Row => [
      `bad text ${i + 1} is left to the check of meaning`,
      () => assert.deepEqual(checkShape(document), []),
    ],
  ),
])

const throwing = {
  version: 1,
  get rules(): never {
    throw new Error('no')
  },
}
const revoked = Proxy.revocable({}, {})
revoked.revoke()
const cyclic: { version: number; rules: unknown[] } = { version: 1, rules: [] }
cyclic.rules.push(cyclic)
let shared: unknown[] = [1]
for (let i = 0; i < 60; i++) shared = [shared, shared]
let deep: unknown[] = []
for (let i = 0; i < 100_000; i++) deep = [deep]
class Rules extends Array<unknown> {}
const changing = new Proxy(
  { version: 1, rules: [] },
  { get: (target, key) => (Math.random() < 0.5 ? 1 : Reflect.get(target, key)) },
)

const hostile: readonly (readonly [name: string, document: unknown, message: RegExp])[] = [
  ['nothing', undefined, /value that JSON does not have \(undefined\)/],
  ['a function', () => 1, /\(function\)/],
  ['a big integer', 1n, /\(bigint\)/],
  ['a symbol in a list', { version: 1, rules: [Symbol('x')] }, /\(symbol\)/],
  ['not a number', { version: Number.NaN, rules: [] }, /not a finite number/],
  ['a getter that throws', throwing, /`rules` cannot be read/],
  ['a revoked proxy', revoked.proxy, /cannot be read/],
  [
    'a proxy that throws',
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw 1
        },
      },
    ),
    /cannot be read/,
  ],
  ['a proxy of endless length', new Proxy([], { get: (_, key) => (key === 'length' ? 2 ** 53 : 'x') }), /4 million/],
  ['a list that holds itself', cyclic, /holds itself/],
  ['a tree of shared branches', shared, /4 million/],
  ['100,000 levels', deep, /deeper than 64 levels/],
  ['a list of four billion holes', { version: 1, rules: new Array(4e9) }, /remove the hole/],
  ['a map', new Map([['version', 1]]), /an object of some class/],
  ['a date', { version: 1, rules: [new Date(0)] }, /an object of some class/],
  ['inherited fields', Object.create({ version: 1, rules: [] }), /an object of some class/],
]

table('hostile documents', [
  ...hostile.map(
    ([name, document, message]): Row => [
      `${name} is told, not thrown`,
      () => {
        const found = checkShape(document)
        assert.match(found[0]?.message ?? '', message)
        assert.ok(found.every((d) => d.severity === 'error'))
      },
    ],
  ),
  ['a list of some class is a list', () => assert.deepEqual(checkShape({ version: 1, rules: new Rules() }), [])],
  [
    'a proxy that changes its answers does not make it throw',
    () => {
      for (let i = 0; i < 100; i++) checkShape(changing)
    },
  ],
  [
    'any value is told of, and the places are JSON Pointers',
    () => {
      const anything = fc.anything({
        withBigInt: true,
        withDate: true,
        withMap: true,
        withNullPrototype: true,
        withSparseArray: true,
        withTypedArray: true,
      })
      fc.assert(
        fc.property(anything, fc.constantFrom('rules', 'origins', 'version', 'invariants'), (value, key) => {
          for (const document of [value, { version: 1, rules: [], [key]: value }]) {
            for (const { pointer } of checkShape(document)) assert.match(pointer, /^(?:\/(?:[^~]|~[01])*)?$/s)
          }
        }),
        { numRuns: trials(500) },
      )
    },
  ],
])

const many = (count: number) => ({ version: 1, rules: Array.from({ length: count }, () => ({})) })
const origins = (count: number) => Array.from({ length: count }, (_, i) => `https://s${i}.example.com`)
const last = (found: readonly Diagnostic[]) => found.at(-1)?.message

table('many faults', [
  [
    'a hundred are all told',
    () => {
      const found = checkShape({ version: 1, rules: Array(100).fill(1) })
      assert.equal(found.length, 100)
      assert.match(last(found) ?? '', /^item 100 /)
    },
  ],
  [
    'of 102 the last tells how many there are besides',
    () => {
      const found = checkShape(many(34))
      assert.equal(found.length, 100)
      assert.equal(last(found), '3 more faults of shape are not listed; correct these first')
    },
  ],
  [
    'of a million the last tells how many there are at least',
    () => {
      const found = checkShape(many(1_000_000))
      assert.equal(found.length, 100)
      assert.equal(last(found), 'at least 901 more faults of shape are not listed; correct these first')
    },
  ],
  [
    '100,000 origins are read once each, and four times as many take no more than ten times as long',
    () => {
      let reads = 0
      const counted = new Proxy(origins(100_000), {
        get: (list, key, receiver) => {
          reads++
          return Reflect.get(list, key, receiver)
        },
      })
      assert.deepEqual(checkShape(withOrigins({ web: counted })), [])
      assert.ok(reads < 100_010, `${reads} reads`)
      const check = (count: number) => {
        const document = withOrigins({ web: origins(count) })
        return () => assert.deepEqual(checkShape(document), [])
      }
      assert.ok(isAtMost(10, [check(100_000), 1], [check(25_000), 1]))
    },
  ],
])

const isPublished = new Ajv2020({ strict: false }).compile(JSON.parse(read('schemas/policy.v1.schema.json')))
const text = fc.constantFrom(
  '*',
  'https://a.example',
  '@web',
  '/a/**',
  'GET',
  'etag',
  'served',
  '2h',
  'a',
  'insecure-origin',
  '2027-01-31',
)
const leaf = fc.oneof(text, fc.constantFrom(0, 1, 204, 600, true, false, null))
const lists = fc.array(leaf, { maxLength: 3 })
const some = (keys: readonly string[], value: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.constantFrom(...keys, 'x'), value, { maxKeys: keys.length })
const anyGrant = some(
  ['origins', 'methods', 'requestHeaders', 'exposedHeaders', 'credentials', 'maxAge'],
  fc.oneof(lists, leaf),
)
const anyRule = fc.record({
  id: text,
  paths: lists,
  allow: fc.array(fc.oneof({ weight: 5, arbitrary: anyGrant }, leaf), { maxLength: 2 }),
})
const anyPolicy = fc.record({
  version: fc.constantFrom(1, 1, 1, 2),
  origins: some(['web', 'a b'], fc.oneof(lists, fc.constant({ external: true }), leaf)),
  rules: fc.array(anyRule, { maxLength: 2 }),
})

table('the two strengths of the schema', [
  [
    'what the published schema takes has the right shape',
    () => {
      let taken = 0
      fc.assert(
        fc.property(anyPolicy, (document) => {
          if (!isPublished(document)) return
          taken++
          assert.deepEqual(checkShape(document), [])
        }),
        { numRuns: trials(3000) },
      )
      assert.ok(taken > least(50), `${taken}`)
    },
  ],
  [
    'what is a path glob to core, any character in it, is one to an editor',
    () => {
      const characters = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code))
      const globs = characters.flatMap((c) => [`/${c}`, `/a${c}b`, `/a${c}`, `/${c}/**`])
      const differ = globs.filter((glob) => {
        const core = checkPolicy(withRule({ id: 'a', paths: [glob], allow: [] })).some(isCharacterFault)
        return core === isPublished(withRule({ id: 'a', paths: [glob], allow: [] }))
      })
      assert.deepEqual(differ, [])
    },
  ],
])

/** Of the first pass over a glob; what its segments, escapes and braces mean is beyond a schema's expression. */
function isCharacterFault({ message }: Diagnostic): boolean {
  return message.includes('has a character that no path glob may hold')
}
