/** Overlaps of origins within a rule, and what settles them. */
import assert from 'node:assert/strict'
import { checkPolicy, compilePolicy, evaluate } from '@safeconduct/core'
import { type Row, table } from '../../support/table.js'

const shops = 'https://shop.*.example.com'
const europe = 'https://*.eu.example.com'

/** A policy with a rule of two grants, which cover GET and DELETE. */
function policyOf(first: readonly string[], second: readonly string[]): Parameters<typeof compilePolicy>[0] {
  const allow = [
    { origins: first, methods: ['GET'] },
    { origins: second, methods: ['DELETE'] },
  ]
  return { version: 1, rules: [{ id: 'orders', paths: ['/orders'], allow }] }
}

const ambiguous: readonly (readonly [string, first: readonly string[], second: readonly string[]])[] = [
  ['nothing is listed apart', [shops], [europe]],
  ['an origin of one grant only is listed', [shops, 'https://shop.us.example.com'], [europe]],
  [
    'one of several origins of the overlap is listed',
    ['https://a-*.example.com'],
    ['https://*-b.example.com', 'https://a-b.example.com'],
  ],
]

const settled: readonly (readonly [string, first: readonly string[], second: readonly string[]])[] = [
  ['the overlap is an exact origin of the first grant', [shops, 'https://shop.eu.example.com'], [europe]],
  ['the overlap is an exact origin of the second grant', [shops], [europe, 'https://shop.eu.example.com']],
  [
    'the overlap is two exact origins, one of each grant',
    ['https://shop.{eu,us}.example.com:*', 'https://shop.eu.example.com'],
    ['https://*.{eu,us}.example.com', 'https://shop.us.example.com'],
  ],
  ['the overlap is a glob', [shops], ['https://*.{eu,uk}.example.com', 'https://shop.{eu,uk}.example.com']],
]

table('an overlap of two grants is an error where', [
  ...ambiguous.map(
    ([what, first, second]): Row => [
      what,
      () => {
        const found = checkPolicy(policyOf(first, second))
        assert.deepEqual(
          found.map(({ code }) => code),
          ['ambiguous-origins'],
        )
        const origin = found[0]?.witness?.origin
        assert.ok(origin !== undefined && ![...first, ...second].includes(origin), origin)
      },
    ],
  ),
])

table('an overlap of two grants is settled where', [
  ...settled.map(
    ([what, first, second]): Row => [what, () => assert.deepEqual(checkPolicy(policyOf(first, second)), [])],
  ),
  [
    'and the grant that lists the origin decides it',
    () => {
      const request = { method: 'DELETE', path: '/orders', origin: 'https://shop.eu.example.com' }
      const reasonIn = (first: readonly string[], second: readonly string[]): string =>
        evaluate(compilePolicy(policyOf(first, second)), request).reason
      assert.equal(reasonIn([shops, request.origin], [europe]), 'method-not-allowed')
      assert.equal(reasonIn([shops], [europe, request.origin]), 'allowed')
    },
  ],
])

table('two grants of a rule', [
  [
    'may not name one external group: whatever it comes to hold would be in both',
    () => {
      const document = { ...policyOf(['@tenants'], ['@tenants']), origins: { tenants: { external: true as const } } }
      assert.deepEqual(
        checkPolicy(document).map(({ code, pointer }) => `${pointer} ${code}`),
        ['/rules/0/allow/1/origins/0 duplicate-origin'],
      )
    },
  ],
])
