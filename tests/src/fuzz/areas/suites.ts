/** Suites: any document is one or is told of; one that runs has a verdict on everything that it asks. */
import assert from 'node:assert/strict'
import { compilePolicy, evaluate, type Policy, type PolicyDocument, PolicyError } from '@safeconduct/core'
import { checkSuite, runSuite, type SuiteDocument, suggestCases, suiteCoverage } from '@safeconduct/core/suite'
import fc from 'fast-check'
import { smallOrigins, smallPaths, smallPolicy } from '../../support/generate/pairs.js'
import { area } from '../area.js'
import { editedJson, type Json } from '../edits.js'

interface Input {
  readonly document: PolicyDocument
  readonly suite: Json
}

const origin = fc.constantFrom(...smallOrigins)
const path = fc.constantFrom(...smallPaths)
const method = fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS')
const origins = fc.uniqueArray(origin, { minLength: 1, maxLength: 4 })

const matrix = fc.record({
  name: fc.string({ maxLength: 8 }),
  origins,
  paths: fc.uniqueArray(path, { minLength: 1, maxLength: 4 }),
  methods: fc.uniqueArray(method, { minLength: 1, maxLength: 3 }),
  allow: fc.array(fc.record({ origins, credentials: fc.boolean() }, { requiredKeys: ['origins'] }), { maxLength: 2 }),
})

const each = fc.record({
  name: fc.string({ maxLength: 8 }),
  request: fc.record(
    { path, origin, method, requestMethod: method, requestHeaders: fc.constantFrom('x-a', ['x-a', 'authorization']) },
    { requiredKeys: ['path'] },
  ),
  expect: fc.record({ outcome: fc.constantFrom('allowed', 'refused', 'non-cors') }),
})

const fetched = fc.record({
  name: fc.string({ maxLength: 8 }),
  fetch: fc.record({ from: origin, path, method, credentials: fc.constantFrom('omit', 'include') }),
  expect: fc.record({ readable: fc.boolean() }),
})

const suite = fc.record(
  {
    version: fc.constant(1),
    matrices: fc.array(matrix, { maxLength: 2 }),
    cases: fc.array(fc.oneof(each, fetched), { maxLength: 4 }),
  },
  { requiredKeys: ['version'] },
)

export const suites = area<Input>({
  name: 'suites',
  about: 'a suite is told of or runs, and its verdicts are those of the engine',
  inputs: fc.record({ document: smallPolicy, suite: editedJson(suite) }),
  check: ({ document, suite: tried }) => {
    const found = checkSuite(tried)
    for (const { code, message } of found) assert.ok(/^[^\r\n]+$/.test(message), `${code}: ${JSON.stringify(message)}`)
    const policy = policyOf(document)
    if (policy === undefined) return
    const asSuite = tried as unknown as SuiteDocument
    try {
      const result = runSuite(policy, asSuite)
      const checks = result.tests.flatMap((test) => test.checks)
      assert.equal(result.counts.passed + result.counts.failed, checks.length)
      assert.equal(result.passed, result.counts.failed === 0)
      for (const { passed, mismatches, requests } of checks) {
        assert.equal(passed, mismatches.length === 0)
        for (const request of requests) evaluate(policy, request)
      }
      assertAsked(policy, asSuite)
    } catch (thrown) {
      if (!(thrown instanceof PolicyError)) throw thrown
    }
  },
})

/** What it lacks can be added, and then it lacks nothing, and all that was added holds. */
function assertAsked(policy: Policy, suite: SuiteDocument): void {
  const { ratio } = suiteCoverage(policy, suite)
  assert.ok(ratio >= 0 && ratio <= 1, `${ratio}`)
  const cases = suggestCases(policy, suite)
  const whole = { ...suite, cases: [...(suite.cases ?? []), ...cases] }
  const { tests } = runSuite(policy, whole)
  const added = tests.slice(tests.length - cases.length)
  assert.ok(
    added.every(({ passed }) => passed),
    JSON.stringify(added.filter(({ passed }) => !passed)),
  )
  assert.deepEqual(suggestCases(policy, whole), [])
}

function policyOf(document: PolicyDocument): Policy | undefined {
  try {
    return compilePolicy(document)
  } catch (thrown) {
    if (thrown instanceof PolicyError) return undefined
    throw thrown
  }
}
