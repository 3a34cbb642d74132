/** Origins that the program supplies while it runs. */
import assert from 'node:assert/strict'
import { runInNewContext } from 'node:vm'
import {
  compilePolicy,
  evaluate,
  foldPolicy,
  type OriginChange,
  type Policy,
  type PolicyDocument,
  PolicyError,
  printPolicy,
  withOrigins,
} from '@safeconduct/core'
import fc from 'fast-check'
import type { CompiledPolicy } from '../../../../packages/core/dist/policy/policy.js'
import { origin } from '../../support/generate.js'
import { holds, trials } from '../../support/holds.js'
import { type Row, table } from '../../support/table.js'
import { isAtMost } from '../../support/time.js'

const document: PolicyDocument = {
  version: 1,
  origins: {
    web: ['https://shop.example.com'],
    tenants: { external: true },
    partners: { external: true },
    spare: { external: true },
  },
  rules: [
    {
      id: 'orders',
      paths: ['/orders'],
      allow: [
        { origins: ['@web'], methods: ['DELETE'], credentials: true },
        { origins: ['@tenants'], methods: ['GET'], credentials: true },
        { origins: ['@partners'], methods: ['PUT'] },
        { origins: ['https://*.example.com'], methods: ['PATCH'] },
      ],
    },
    { id: 'open', paths: ['/open'], allow: [{ origins: ['@partners', '*'] }] },
    { id: 'carts', paths: ['/carts'], allow: [{ origins: ['@tenants', '@partners'] }] },
    {
      id: 'legacy',
      paths: ['/legacy'],
      allow: [{ origins: ['@spare'], credentials: true, accept: [{ code: 'insecure-origin', because: 'kiosk' }] }],
    },
  ],
}

const policy = compilePolicy(document)
const tenant = 'https://tenant.example'

/** The methods that an origin is allowed on a path. */
function allowed(asked: Policy, path: string, from: string): string[] {
  return ['GET', 'DELETE', 'PUT', 'PATCH'].filter(
    (method) => evaluate(asked, { method, path, origin: from }).reason === 'allowed',
  )
}

/** Codes and places of what is wrong with it. */
function refusal(group: string, origins: Iterable<string> | OriginChange, asked: Policy = policy): string[] {
  try {
    withOrigins(asked, group, origins)
  } catch (thrown) {
    assert.ok(thrown instanceof PolicyError)
    return thrown.diagnostics.map(({ severity, code, pointer }) => `${severity} ${code} ${pointer}`)
  }
  return []
}

function refuses(
  rows: readonly (readonly [what: string, group: string, origins: readonly string[], ...lines: string[]])[],
): Row[] {
  return rows.map(([what, group, origins, ...lines]) => [
    `${what}: ${lines.join(', ') || 'taken'}`,
    () => assert.deepEqual(refusal(group, origins), lines),
  ])
}

table('external groups', [
  [
    'an origin of a group has the grant that names the group, wherever that is',
    () => {
      const now = withOrigins(policy, 'tenants', [tenant])
      assert.deepEqual(allowed(now, '/orders', tenant), ['GET'])
      assert.deepEqual(allowed(now, '/carts', tenant), ['GET'])
      assert.deepEqual(allowed(now, '/legacy', tenant), [])
    },
  ],
  [
    'the policy that it was made of stays as it is',
    () => {
      const before = allowed(policy, '/orders', tenant)
      withOrigins(policy, 'tenants', [tenant])
      assert.deepEqual([before, allowed(policy, '/orders', tenant)], [[], []])
    },
  ],
  [
    'what is handed in is all that the group holds',
    () => {
      const first = withOrigins(policy, 'tenants', [tenant, 'https://b.example'])
      const second = withOrigins(first, 'tenants', ['https://c.example'])
      assert.deepEqual(
        ['https://c.example', tenant, 'https://b.example'].map((each) => allowed(second, '/orders', each)),
        [['GET'], [], []],
      )
      assert.deepEqual(allowed(withOrigins(second, 'tenants', []), '/orders', 'https://c.example'), [])
      assert.deepEqual(allowed(first, '/orders', tenant), ['GET'])
    },
  ],
  [
    'one group is supplied without a change to another',
    () => {
      const both = withOrigins(withOrigins(policy, 'tenants', [tenant]), 'partners', ['https://p.example'])
      assert.deepEqual(
        [allowed(both, '/orders', tenant), allowed(both, '/orders', 'https://p.example')],
        [['GET'], ['PUT']],
      )
      const fewer = withOrigins(both, 'tenants', [])
      assert.deepEqual(
        [allowed(fewer, '/orders', tenant), allowed(fewer, '/orders', 'https://p.example')],
        [[], ['PUT']],
      )
    },
  ],
  [
    'any iterable does, and repeats are one',
    () => {
      const twice = function* () {
        yield* [tenant, tenant]
      }
      assert.deepEqual(allowed(withOrigins(policy, 'tenants', twice()), '/orders', tenant), ['GET'])
      assert.deepEqual(allowed(withOrigins(policy, 'tenants', new Set([tenant])), '/orders', tenant), ['GET'])
    },
  ],
  [
    'an origin that a rule lists itself keeps its grant there, and a pattern of the rule gives way',
    () => {
      const now = withOrigins(policy, 'tenants', ['https://shop.example.com', 'https://t.example.com'])
      assert.deepEqual(allowed(now, '/orders', 'https://shop.example.com'), ['DELETE'])
      assert.deepEqual(allowed(now, '/orders', 'https://t.example.com'), ['GET'])
      assert.deepEqual(allowed(now, '/orders', 'https://u.example.com'), ['PATCH'])
      assert.deepEqual(allowed(now, '/carts', 'https://shop.example.com'), ['GET'])
    },
  ],
  [
    'the answers vary as the document has them vary, whatever the groups hold',
    () => {
      const now = withOrigins(withOrigins(policy, 'tenants', [tenant]), 'partners', [])
      for (const path of ['/orders', '/open', '/carts', '/legacy', '/']) {
        for (const method of ['GET', 'OPTIONS']) {
          for (const from of [undefined, tenant, 'https://evil.example']) {
            const asked = { method, path, ...(from === undefined ? {} : { origin: from }) }
            assert.deepEqual(evaluate(now, asked).vary, evaluate(policy, asked).vary)
          }
        }
      }
    },
  ],
  [
    'decisions that were made before do not outlive the group',
    () => {
      const first = withOrigins(policy, 'tenants', [tenant])
      const asked = { method: 'GET', path: '/orders', origin: tenant }
      const decision = evaluate(first, asked)
      const second = withOrigins(first, 'partners', ['https://p.example'])
      assert.deepEqual(evaluate(second, asked), decision)
      assert.equal(evaluate(withOrigins(second, 'tenants', []), asked).reason, 'origin-not-allowed')
      assert.equal(evaluate(first, asked), evaluate(first, asked))
    },
  ],
  [
    'a folded policy keeps what the groups hold, and its folds',
    () => {
      const folded = withOrigins(
        foldPolicy(withOrigins(policy, 'tenants', [tenant]), { caseSensitive: false }),
        'partners',
        ['https://p.example'],
      )
      assert.deepEqual(
        [allowed(folded, '/orders', tenant), allowed(folded, '/orders', 'https://p.example')],
        [['GET'], ['PUT']],
      )
      assert.equal(folded.router.caseSensitive, false)
    },
  ],
])

table('a change of an external group', [
  [
    'adds and removes, and keeps the others',
    () => {
      const first = withOrigins(policy, 'tenants', [tenant, 'https://b.example'])
      const second = withOrigins(first, 'tenants', { add: ['https://c.example'], remove: [tenant] })
      assert.deepEqual(
        [tenant, 'https://b.example', 'https://c.example'].map((each) => allowed(second, '/orders', each)),
        [[], ['GET'], ['GET']],
      )
      assert.deepEqual(allowed(first, '/orders', tenant), ['GET'])
    },
  ],
  [
    'of one that nothing was supplied for yet',
    () => assert.deepEqual(allowed(withOrigins(policy, 'tenants', { add: [tenant] }), '/orders', tenant), ['GET']),
  ],
  [
    'that adds what is there, or removes what is not, changes nothing; what is in both is added',
    () => {
      let now = withOrigins(policy, 'tenants', [tenant])
      now = withOrigins(now, 'tenants', { add: [tenant, tenant], remove: ['https://b.example'] })
      now = withOrigins(now, 'tenants', { add: [tenant], remove: [tenant] })
      now = withOrigins(now, 'tenants', {})
      assert.deepEqual(allowed(now, '/orders', tenant), ['GET'])
      assert.deepEqual(allowed(withOrigins(now, 'tenants', { remove: [tenant] }), '/orders', tenant), [])
    },
  ],
  [
    'is held to the same; places are those that the origins would have',
    () => {
      const first = withOrigins(policy, 'tenants', [tenant, 'https://b.example'])
      assert.deepEqual(
        refusal('tenants', { add: ['https://c.example', 'http://d.example'], remove: [tenant] }, first),
        ['error insecure-origin /origins/tenants/2'],
      )
      assert.deepEqual(refusal('partners', { add: [tenant] }, first), ['error duplicate-origin /origins/partners/0'])
      assert.deepEqual(refusal('web', { add: [tenant] }), ['error unknown-group /origins/web'])
    },
  ],
  [
    'is spelled as it is, or refused',
    () => assert.throws(() => withOrigins(policy, 'tenants', { added: [tenant] } as object), /TypeError.*`added`/),
  ],
  [
    'and a list or a change is one: whatever else would change nothing, silently',
    () => {
      const inherited = Object.create({ remove: [tenant] })
      const odd = [5, true, new Date(), Promise.resolve([]), () => [], Symbol('x'), tenant, '', inherited, undefined]
      for (const origins of [...odd, { remove: tenant }, { add: '' }, { remove: 5 }, { remove: Promise.resolve([]) }]) {
        assert.throws(() => withOrigins(policy, 'tenants', origins as string[]), TypeError, typeof origins)
      }
    },
  ],
  [
    'and a change may come from another realm, as a test library makes them',
    () => {
      const change = runInNewContext(`({ add: ['${tenant}'] })`) as { add: string[] }
      assert.deepEqual(withOrigins(policy, 'tenants', change), withOrigins(policy, 'tenants', [tenant]))
    },
  ],
  [
    'removes what is spelled as an origin: another spelling would keep its grant',
    () => {
      const first = withOrigins(policy, 'tenants', [tenant])
      for (const text of [
        `${tenant}/`,
        tenant.toUpperCase(),
        ` ${tenant}`,
        `${tenant}:443`,
        'https://*.example',
        'null',
      ]) {
        const [told] = refusal('tenants', { remove: [text] }, first)
        assert.match(told ?? '', /^error (?:invalid|null)-origin \/origins\/tenants$/, text)
      }
      assert.deepEqual(refusal('tenants', { remove: ['https://gone.example', 'http://gone.example'] }, first), [])
    },
  ],
])

table('what an external group does not hold', [
  ...refuses([
    [
      'exact origins',
      'tenants',
      ['https://a.example', 'https://b.example:8443', 'http://localhost:3000', 'capacitor://localhost', 'http://[::1]'],
    ],
    ['none', 'tenants', []],
    ['a group that is not there', 'nobody', [], 'error unknown-group /origins/nobody'],
    ['a group of the document', 'web', [], 'error unknown-group /origins/web'],
    ['an inherited name', 'constructor', [], 'error unknown-group /origins/constructor'],
    ['a name with a slash', 'a/b', [], 'error unknown-group /origins/a~1b'],
    ['a pattern', 'tenants', ['https://a.example', 'https://*.b.example'], 'error invalid-origin /origins/tenants/1'],
    ['braces', 'tenants', ['https://{a,b}.example'], 'error invalid-origin /origins/tenants/0'],
    ['braces around one', 'tenants', ['https://{a,a}.example'], 'error invalid-origin /origins/tenants/0'],
    ['any port', 'tenants', ['https://a.example:*'], 'error invalid-origin /origins/tenants/0'],
    ['anyone', 'tenants', ['*'], 'error invalid-origin /origins/tenants/0'],
    ['a group', 'tenants', ['@web'], 'error invalid-origin /origins/tenants/0'],
    ['the opaque origin', 'tenants', ['null'], 'error null-origin /origins/tenants/0'],
    ['a slash too much', 'tenants', ['https://a.example/'], 'error invalid-origin /origins/tenants/0'],
    ['upper case', 'tenants', ['https://A.example'], 'error invalid-origin /origins/tenants/0'],
    ['a default port', 'tenants', ['https://a.example:443'], 'error invalid-origin /origins/tenants/0'],
    ['empty text', 'tenants', [''], 'error invalid-origin /origins/tenants/0'],
    [
      'what is no text',
      'tenants',
      [1, null, {}, Symbol('a')] as unknown as string[],
      ...[0, 1, 2, 3].map((i) => `error invalid-origin /origins/tenants/${i}`),
    ],
    [
      'all that is wrong, at once',
      'tenants',
      ['a', 'https://b.example', 'null'],
      'error invalid-origin /origins/tenants/0',
      'error null-origin /origins/tenants/2',
    ],
    ['http beside credentials', 'tenants', ['http://a.example'], 'error insecure-origin /origins/tenants/0'],
    ['http without', 'partners', ['http://a.example']],
    ['http beside credentials, accepted', 'spare', ['http://a.example']],
  ]),
  [
    'one origin in two groups of a rule is refused, whichever comes second',
    () => {
      const first = withOrigins(policy, 'tenants', [tenant, 'https://b.example'])
      assert.deepEqual(
        refusal('partners', ['https://c.example', tenant], first).filter((line) =>
          line.startsWith('error duplicate-origin'),
        ).length > 0,
        true,
      )
      const second = withOrigins(policy, 'partners', [tenant])
      assert.match(refusal('tenants', [tenant], second).join(), /duplicate-origin/)
    },
  ],
  [
    'but not where a rule lists the origin itself, or where no rule names both',
    () => {
      const one = compilePolicy({
        version: 1,
        origins: { a: { external: true }, b: { external: true } },
        rules: [
          { id: 'listed', paths: ['/l'], allow: [{ origins: ['@a'] }, { origins: ['@b'] }, { origins: [tenant] }] },
          { id: 'only-a', paths: ['/a'], allow: [{ origins: ['@a'] }] },
        ],
      })
      const both = withOrigins(withOrigins(one, 'a', [tenant]), 'b', [tenant])
      assert.deepEqual(allowed(both, '/a', tenant), ['GET'])
    },
  ],
  [
    'a group that no rule names is held to the same',
    () => {
      const unused = compilePolicy({ version: 1, origins: { a: { external: true } }, rules: [] })
      withOrigins(unused, 'a', ['https://a.example', 'http://a.example'])
      assert.deepEqual(refusal('a', ['https://A.example'], unused), ['error invalid-origin /origins/a/0'])
    },
  ],
  [
    'a refusal leaves the policy as it was',
    () => {
      const first = withOrigins(policy, 'tenants', [tenant])
      refusal('tenants', ['https://c.example', 'null'], first)
      assert.deepEqual(
        [allowed(first, '/orders', tenant), allowed(first, '/orders', 'https://c.example')],
        [['GET'], []],
      )
    },
  ],
])

/** What a program does to a group: all of it anew, in another order, or a change. */
const steps = fc.array(
  fc.record({
    group: fc.constantFrom('tenants', 'partners'),
    kind: fc.constantFrom('list', 'change'),
    add: fc.array(fc.nat(9), { maxLength: 4 }),
    remove: fc.array(fc.nat(9), { maxLength: 3 }),
    turn: fc.nat(5),
  }),
  { minLength: 1, maxLength: 8 },
)

const nameAt = (group: string, i: number): string => `https://${group.at(0)}${i}.example${i > 7 ? '.com' : ''}`

table('step by step or at once', [
  [
    'a group that was changed is one that was supplied whole: decisions, and the document',
    () =>
      holds(150, steps, (taken) => {
        const twin = new Map<string, string[]>([
          ['tenants', []],
          ['partners', []],
        ])
        let now: Policy = policy
        for (const { group, kind, add, remove, turn } of taken) {
          const before = twin.get(group) ?? []
          const [more, fewer] = [add, remove].map((list) => list.map((i) => nameAt(group, i))) as [string[], string[]]
          const left = before.filter((each) => more.includes(each) || !fewer.includes(each))
          const after = [...new Set([...left, ...more])]
          const listed = [...after.slice(turn), ...after.slice(0, turn), ...after.slice(0, turn % 2)]
          now = withOrigins(now, group, kind === 'list' ? listed : { add: more, remove: fewer })
          twin.set(group, after)
          // Decisions that are kept belong to no version.
          for (let i = 0; i < 10; i++) allowed(now, '/carts', nameAt(group, i))
        }
        const whole = [...twin].reduce((all: Policy, [group, origins]) => withOrigins(all, group, origins), policy)
        for (const path of ['/orders', '/open', '/carts', '/legacy']) {
          for (const [group] of twin) {
            for (let i = 0; i < 10; i++) {
              for (const method of ['GET', 'PUT', 'OPTIONS']) {
                const asked = { method, path, origin: nameAt(group, i), requestMethod: 'PUT' }
                assert.deepEqual(evaluate(now, asked), evaluate(whole, asked))
              }
            }
          }
        }
        assert.deepEqual(printPolicy(now), printPolicy(policy))
        const memberLists = [now, whole].map((each) =>
          [...(each as CompiledPolicy).externalOrigins].map(([group, { origins }]) => [group, [...origins].sort()]),
        )
        assert.deepEqual(
          memberLists[0]?.toSorted(),
          memberLists[1]?.filter(([g]) => taken.some((t) => t.group === g)).toSorted(),
        )
      }),
  ],
  [
    'one more of many is read alone',
    () => {
      const many = Array.from({ length: 20_000 }, (_, i) => `https://t${i}.example`)
      const all = withOrigins(policy, 'tenants', many)
      const list = [...many, 'https://more.example']
      assert.ok(
        isAtMost(
          0.1,
          [() => withOrigins(all, 'tenants', { add: ['https://more.example'] }), 1],
          [() => withOrigins(policy, 'tenants', many), 1],
        ),
      )
      assert.ok(
        isAtMost(0.2, [() => withOrigins(all, 'tenants', list), 1], [() => withOrigins(policy, 'tenants', many), 1]),
      )
    },
  ],
])

table('external groups at random', [
  [
    'an external origin is decided as if the document listed it',
    () => {
      const exact = origin.filter((text) => !/^(null|http:|app:)|\.\.|'/.test(text))
      const methods = ['GET', 'PUT']
      fc.assert(
        fc.property(
          fc.uniqueArray(exact, { maxLength: 6 }),
          fc.nat(6),
          fc.array(origin, { minLength: 5, maxLength: 5 }),
          (origins, cut, asked) => {
            const groups = { a: origins.slice(0, cut), b: origins.slice(cut) }
            const grants = (a: readonly string[], b: readonly string[]) => [
              ...(a.length === 0 ? [] : [{ origins: a, methods: ['GET'], credentials: true }]),
              ...(b.length === 0 ? [] : [{ origins: b, methods: ['PUT'] }]),
              { origins: ['https://**.example'], methods: ['DELETE'] },
            ]
            const rules = (a: readonly string[], b: readonly string[]) => [
              { id: 'r', paths: ['/**'], allow: grants(a, b) },
            ]
            const external = compilePolicy({
              version: 1,
              origins: { a: { external: true }, b: { external: true } },
              rules: rules(['@a'], ['@b']),
            })
            const supplied = withOrigins(withOrigins(external, 'a', groups.a), 'b', groups.b)
            const listed = compilePolicy({ version: 1, rules: rules(groups.a, groups.b) })
            for (const from of [...origins, ...asked]) {
              for (const method of [...methods, 'OPTIONS']) {
                const request = {
                  method,
                  path: '/',
                  origin: from,
                  ...(method === 'OPTIONS' ? { requestMethod: 'PUT' } : {}),
                }
                assert.deepEqual(evaluate(supplied, request), evaluate(listed, request))
              }
            }
          },
        ),
        { numRuns: trials(300) },
      )
    },
  ],
])
