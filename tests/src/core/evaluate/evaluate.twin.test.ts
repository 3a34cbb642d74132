/** `evaluate` against its plain twin, on random policies and on requests well meant and not: the whole decision. */
import assert from 'node:assert/strict'
import { type CorsRequest, compilePolicy, type Decision, evaluate, type Policy, withOrigins } from '@safeconduct/core'
import { assertDeeplyFrozen } from '../../support/frozen.js'
import { type Inquiry, inquiry } from '../../support/generate.js'
import { holds } from '../../support/holds.js'
import { plainDecision } from '../../support/plain.js'
import { table } from '../../support/table.js'

const longest = 40

function policyOf({ document, external }: Inquiry): Policy {
  return withOrigins(compilePolicy(document), 'tenants', external.tenants)
}

/** What a server can put on the wire as it stands: no header is refused by Node, and none splits a response. */
function assertSendable({ headers, vary }: Decision): void {
  for (const [name, value] of Object.entries(headers)) {
    assert.match(name, /^access-control-(allow-(origin|credentials|methods|headers)|expose-headers|max-age)$/)
    assert.match(value, /^[\x20-\x7e]*$/)
  }
  for (const name of vary) assert.match(name, /^(Origin|Access-Control-Request-(Method|Headers))$/)
}

function assertSane(decision: Decision): void {
  assertDeeplyFrozen(decision)
  assertSendable(decision)
  if (decision.kind === 'non-cors') return
  assert.equal(decision.allowed, decision.reason === 'allowed')
  if (!decision.allowed && (decision.kind === 'actual' || decision.status === 403))
    assert.deepEqual(decision.headers, {})
  const { 'access-control-allow-origin': origin, 'access-control-allow-credentials': credentials } = decision.headers
  if (credentials !== undefined)
    assert.ok(credentials === 'true' && origin !== '*' && origin !== 'null' && origin !== undefined)
}

/** Header by header, with the one changed or taken away, or added where it was not. */
function changed(request: CorsRequest, other: CorsRequest): readonly (readonly [name: string, request: CorsRequest])[] {
  return [
    ['Origin', replaced(request, 'origin', other.origin)],
    ['Access-Control-Request-Method', replaced(request, 'requestMethod', other.requestMethod)],
    ['Access-Control-Request-Headers', replaced(request, 'requestHeaders', other.requestHeaders)],
  ]
}

function replaced(
  request: CorsRequest,
  key: 'origin' | 'requestMethod' | 'requestHeaders',
  value: string | undefined,
): CorsRequest {
  const { [key]: _, ...rest } = request
  return value === undefined ? rest : { ...rest, [key]: value }
}

table('evaluate and its plain twin', [
  [
    'decide alike, to the letter',
    () =>
      holds(700, inquiry(longest), (asked) => {
        const policy = policyOf(asked)
        for (const request of asked.requests) assert.deepEqual(evaluate(policy, request), plainDecision(asked, request))
      }),
  ],
  [
    'decide alike in debug mode',
    () =>
      holds(300, inquiry(longest), (asked) => {
        const policy = policyOf(asked)
        for (const request of asked.requests) {
          assert.deepEqual(evaluate(policy, request, { debug: true }), plainDecision(asked, request, true))
        }
      }),
  ],
])

table('every decision', [
  [
    'is deeply frozen, can be sent as it stands, and shares credentials with one exact origin only',
    () =>
      holds(300, inquiry(longest), (asked) => {
        const policy = policyOf(asked)
        for (const request of asked.requests) {
          for (const debug of [false, true]) assertSane(evaluate(policy, request, { debug }))
        }
      }),
  ],
  [
    'names in Vary each request header whose change would change its headers',
    () =>
      holds(700, inquiry(longest), (asked) => {
        const policy = policyOf(asked)
        for (const [i, request] of asked.requests.entries()) {
          const other = asked.requests[(i + 1) % asked.requests.length] ?? request
          for (const debug of [false, true]) {
            const decision = evaluate(policy, request, { debug })
            for (const [name, twin] of changed(request, other)) {
              const answer = evaluate(policy, twin, { debug })
              if (JSON.stringify(answer.headers) === JSON.stringify(decision.headers)) continue
              assert.ok(decision.vary.includes(name) && answer.vary.includes(name), `${name} is not in Vary`)
            }
          }
        }
      }),
  ],
  [
    'depends on the policy and the request alone: not on what was asked before, of this policy or another',
    () =>
      holds(200, inquiry(longest), (asked) => {
        const policy = policyOf(asked)
        const other = policyOf(asked)
        const first = asked.requests.map((request) => evaluate(policy, request))
        const backwards = asked.requests.toReversed().map((request) => evaluate(other, request))
        assert.deepEqual(backwards.reverse(), first)
        assert.deepEqual(
          asked.requests.map((request) => evaluate(policy, request)),
          first,
        )
      }),
  ],
  [
    'stays what it was when the document is changed after it was compiled',
    () =>
      holds(100, inquiry(longest), (asked) => {
        const document = structuredClone(asked.document)
        const tenants = [...asked.external.tenants]
        const policy = withOrigins(compilePolicy(document), 'tenants', tenants)
        const before = asked.requests.map((request) => evaluate(policyOf(asked), request))
        spoil(document)
        tenants.push('https://evil.example')
        assert.deepEqual(
          asked.requests.map((request) => evaluate(policy, request)),
          before,
        )
      }),
  ],
])

/** Changes all that can be changed: lists get a wildcard, texts and numbers another value. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    for (const item of value) spoil(item)
    value.push('*')
    return
  }
  const record = value as Record<string, unknown>
  for (const [key, item] of Object.entries(record)) {
    if (typeof item === 'object') spoil(item)
    else record[key] = typeof item === 'boolean' ? !item : 'spoilt'
  }
}
