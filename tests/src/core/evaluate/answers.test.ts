/** Refusals, each in its three kinds: an actual request, OPTIONS that is no preflight, a preflight. */
import assert from 'node:assert/strict'
import { type CorsRequest, compilePolicy, evaluate, type Reason } from '@safeconduct/core'
import { assertDeeplyFrozen } from '../../support/frozen.js'
import { type Row, table } from '../../support/table.js'

const origin = 'https://a.example'
const policy = compilePolicy({
  version: 1,
  rules: [
    { id: 'some', paths: ['/some/**'], allow: [{ origins: [origin], methods: ['GET', 'OPTIONS'] }] },
    { id: 'any', paths: ['/any/**'], allow: [{ origins: ['*'], methods: ['GET'] }] },
    { id: 'nobody', paths: ['/nobody/**'], allow: [] },
  ],
})

const varyOfOptions = ['Origin', 'Access-Control-Request-Method', 'Access-Control-Request-Headers']

interface Case {
  readonly reason: Reason
  readonly request: Omit<CorsRequest, 'method'>
  /** Of an actual request; GET by default. */
  readonly method?: string
  readonly ruleId?: string
  readonly vary: readonly string[]
  /** Where it can only be refused of some kinds. */
  readonly only?: 'preflight' | 'actual'
}

const cases: readonly Case[] = [
  { reason: 'path-malformed', request: { path: undefined, origin }, vary: [] },
  ...['', 'some/', '/some/../x', '/some/%2E', '/some?x', '/some/%zz', '/some/\\'].map(
    (path): Case => ({ reason: 'path-malformed', request: { path, origin }, vary: [] }),
  ),
  { reason: 'no-rule', request: { path: '/', origin }, vary: [] },
  { reason: 'unknown-rule', request: { path: '/', origin, rule: 'none' }, vary: [] },
  { reason: 'nobody-allowed', request: { path: '/', origin, rule: false }, vary: [] },
  { reason: 'nobody-allowed', request: { path: '/nobody/', origin }, ruleId: 'nobody', vary: [] },
  { reason: 'origin-malformed', request: { path: '/some/', origin: 'A' }, ruleId: 'some', vary: ['Origin'] },
  {
    reason: 'origin-not-allowed',
    request: { path: '/some/', origin: 'https://b.example' },
    ruleId: 'some',
    vary: ['Origin'],
  },
  {
    reason: 'method-not-allowed',
    request: { path: '/some/', origin },
    method: 'PUT',
    ruleId: 'some',
    vary: ['Origin'],
  },
  { reason: 'method-malformed', request: { path: '/some/', origin }, method: 'P T', ruleId: 'some', vary: ['Origin'] },
  { reason: 'method-not-allowed', request: { path: '/any/', origin }, method: 'PUT', ruleId: 'any', vary: [] },
  {
    reason: 'request-headers-malformed',
    request: { path: '/some/', origin, requestHeaders: 'x a' },
    ruleId: 'some',
    vary: ['Origin'],
    only: 'preflight',
  },
  {
    reason: 'request-headers-not-allowed',
    request: { path: '/some/', origin, requestHeaders: 'x-a' },
    ruleId: 'some',
    vary: ['Origin'],
    only: 'preflight',
  },
]

function row({ reason, request, method = 'GET', ruleId, vary, only }: Case): Row {
  const refused = { allowed: false, ...(ruleId === undefined ? {} : { ruleId }), reason, headers: {} }
  const isVaried = vary.length > 0 || ruleId === 'any'
  return [
    `${reason}${ruleId === undefined ? '' : ` by ${ruleId}`}, ${method} ${request.path}`,
    () => {
      const actual = evaluate(policy, { ...request, method })
      const preflight = evaluate(policy, { ...request, method: 'OPTIONS', requestMethod: method })
      const onOptions = isVaried ? varyOfOptions : []
      if (only !== 'preflight') assert.deepEqual(actual, { kind: 'actual', ...refused, vary })
      assert.deepEqual(preflight, { kind: 'preflight', ...refused, status: 403, vary: onOptions })
      const options = evaluate(policy, { ...request, method: 'OPTIONS' })
      if (method === 'GET' && only === undefined) {
        assert.deepEqual(options, { kind: 'actual', ...refused, vary: onOptions })
      }
      for (const decision of [actual, preflight, options]) assertDeeplyFrozen(decision)
    },
  ]
}

table('a refusal', cases.map(row))

table('a request without Origin', [
  [
    'varies on Origin where its rule looks at it, and on more where it is OPTIONS',
    () => {
      const decide = (method: string, path: string) => evaluate(policy, { method, path })
      const none = { kind: 'non-cors', reason: 'no-origin', headers: {} }
      assert.deepEqual(decide('GET', '/some/'), { ...none, ruleId: 'some', vary: ['Origin'] })
      assert.deepEqual(decide('OPTIONS', '/some/'), { ...none, ruleId: 'some', vary: varyOfOptions })
      assert.deepEqual(decide('PUT', '/any/'), { ...none, ruleId: 'any', vary: [] })
      assert.deepEqual(decide('OPTIONS', '/any/'), { ...none, ruleId: 'any', vary: varyOfOptions })
      assert.deepEqual(decide('GET', '/nobody/'), { ...none, ruleId: 'nobody', vary: [] })
      assert.deepEqual(decide('OPTIONS', '/nobody/'), { ...none, ruleId: 'nobody', vary: [] })
      assert.deepEqual(decide('GET', '/'), { ...none, vary: [] })
      assert.deepEqual(decide('OPTIONS', '/'), { ...none, vary: [] })
    },
  ],
  [
    'has what every answer has where anyone is allowed',
    () => {
      const headers = { 'access-control-allow-origin': '*' }
      const expected = { kind: 'non-cors', ruleId: 'any', reason: 'no-origin', headers }
      assert.deepEqual(evaluate(policy, { method: 'GET', path: '/any/' }), { ...expected, vary: [] })
      assert.equal(
        evaluate(policy, { method: 'HEAD', path: '/any/' }),
        evaluate(policy, { method: 'GET', path: '/any/x' }),
      )
    },
  ],
])
