import assert from 'node:assert/strict'
import { compilePolicy, isUpgradeAllowed } from '@safeconduct/core'
import { type Row, table } from '../../support/table.js'

const policy = compilePolicy({
  version: 1,
  rules: [
    {
      id: 'chat',
      paths: ['/chat'],
      allow: [{ origins: ['https://a.example'], credentials: true }, { origins: ['*'] }],
    },
    { id: 'post', paths: ['/post'], allow: [{ origins: ['https://a.example'], methods: ['POST'], credentials: true }] },
    { id: 'named', paths: [], allow: [{ origins: ['https://b.example'], credentials: true }] },
  ],
})

const rows: readonly (readonly [
  sentence: string,
  expected: boolean,
  request: Parameters<typeof isUpgradeAllowed>[1],
])[] = [
  ['an origin granted a GET with credentials', true, { method: 'GET', path: '/chat', origin: 'https://a.example' }],
  ['over HTTP/2, where the method is CONNECT', true, { method: 'CONNECT', path: '/chat', origin: 'https://a.example' }],
  ['the rule that a route names', true, { method: 'GET', path: '/chat', origin: 'https://b.example', rule: 'named' }],
  [
    '"*" is for the anonymous, and a handshake has cookies',
    false,
    { method: 'GET', path: '/chat', origin: 'https://b.example' },
  ],
  ['null', false, { method: 'GET', path: '/chat', origin: 'null' }],
  ['no Origin', false, { method: 'GET', path: '/chat' }],
  ['two origins', false, { method: 'GET', path: '/chat', origin: 'https://a.example, https://a.example' }],
  ['a grant without GET', false, { method: 'GET', path: '/post', origin: 'https://a.example' }],
  ['the same asked as POST', false, { method: 'POST', path: '/post', origin: 'https://a.example' }],
  ['a path without a rule', false, { method: 'GET', path: '/none', origin: 'https://a.example' }],
  ['a path that has no canonical form', false, { method: 'GET', path: undefined, origin: 'https://a.example' }],
  [
    'a route where nobody is allowed',
    false,
    { method: 'GET', path: '/chat', origin: 'https://a.example', rule: false },
  ],
]

table(
  'isUpgradeAllowed',
  rows.map(
    ([sentence, expected, request]): Row => [
      `${expected ? 'yes' : 'no'}: ${sentence}`,
      () => assert.equal(isUpgradeAllowed(policy, request), expected),
    ],
  ),
)
