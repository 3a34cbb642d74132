/** A suite held against a policy. */
import { diagnose, PolicyError, pointer } from '../diagnostic.js'
import { located } from '../policy/check.js'
import { locationsOf } from '../policy/document.js'
import { externalGroupNames } from '../policy/external-origins.js'
import { nearWord } from '../policy/near-key.js'
import type { CompiledPolicy, Policy } from '../policy/policy.js'
import { withOrigins } from '../policy/with-origins.js'
import { decide, play, requestOf } from './answer.js'
import { askedByFetch, askedByRequest } from './asked.js'
import { checkMatrix } from './cells.js'
import { checkedSuite } from './check.js'
import type { CaseDocument, SuiteDocument } from './document.js'
import { fetchMismatches, requestMismatches } from './expectation.js'
import { fullReason, plainReason } from './reason.js'
import type { CheckResult, SuiteResult, TestResult } from './result.js'

/**
 * Runs every test of a suite. Pure: the policy is not changed, and external groups hold what the suite says.
 *
 * @throws PolicyError if the suite is not flawless (`checkSuite`), or supplies origins that the policy does not take.
 */
export function runSuite(policy: Policy, suite: SuiteDocument): SuiteResult {
  const checked = checkedSuite(suite)
  const compiled = withSuiteOrigins(policy, checked, suite)
  const tests = [...testsOf(compiled, checked)].map((test) => withPosition(suite, test))
  const checks = tests.flatMap((test) => test.checks)
  const passed = checks.filter((check) => check.passed).length
  return { passed: passed === checks.length, tests, counts: { passed, failed: checks.length - passed } }
}

function* testsOf(policy: CompiledPolicy, { matrices = [], cases = [] }: SuiteDocument): Iterable<TestResult> {
  for (const [i, matrix] of matrices.entries()) {
    yield testOf(matrix.name, 'matrix', `/matrices/${i}`, checkMatrix(policy, matrix))
  }
  for (const [i, each] of cases.entries()) {
    const kind = each.request === undefined ? 'fetch' : 'request'
    yield testOf(each.name, kind, `/cases/${i}`, [checkCase(policy, each)])
  }
}

function testOf(name: string, kind: TestResult['kind'], at: string, checks: readonly CheckResult[]): TestResult {
  return { name, kind, pointer: at, passed: checks.every((check) => check.passed), checks }
}

function withPosition(suite: SuiteDocument, test: TestResult): TestResult {
  const position = locationsOf(suite)?.(test.pointer)
  return position === undefined ? test : { ...test, position }
}

function checkCase(policy: CompiledPolicy, { request, fetch, expect }: CaseDocument): CheckResult {
  if (request !== undefined) {
    const decided = decide(policy, requestOf(policy, request))
    const mismatches = requestMismatches(expect, decided.decision)
    const passed = mismatches.length === 0
    const explanation = passed ? plainReason(decided) : fullReason(policy, decided)
    return { asked: askedByRequest(request), passed, mismatches, explanation, requests: [decided.request] }
  }
  if (fetch === undefined) throw new Error('a checked case has a request or a fetch')
  const played = play(policy, fetch)
  const mismatches = fetchMismatches(expect, played)
  const passed = mismatches.length === 0
  const last = played.decided.at(-1)
  const { explanation } = played.outcome
  const reason = last && (passed ? plainReason(last) : fullReason(policy, last))
  return {
    asked: askedByFetch(fetch),
    passed,
    mismatches,
    explanation: reason === undefined ? explanation : `${explanation}; ${reason}`,
    requests: played.decided.map((each) => each.request),
  }
}

/** The policy as the suite wants it. `suite` carries the positions. */
export function withSuiteOrigins(
  policy: Policy,
  { external = {} }: SuiteDocument,
  suite: SuiteDocument,
): CompiledPolicy {
  let result = policy
  for (const [group, origins] of Object.entries(external)) {
    const definition = Object.hasOwn(policy.origins, group) ? policy.origins[group] : undefined
    if (definition === undefined || Array.isArray(definition)) {
      const near = nearWord(group, externalGroupNames(policy))
      const had = definition === undefined ? 'nothing' : 'listed'
      throw new PolicyError(located(suite, [diagnose('unknown-group', pointer('external', group), [group, near, had])]))
    }
    try {
      result = withOrigins(result, group, origins)
    } catch (thrown) {
      if (!(thrown instanceof PolicyError)) throw thrown
      const here = thrown.diagnostics.map((d) => ({ ...d, pointer: d.pointer.replace(/^\/origins\//, '/external/') }))
      throw new PolicyError(located(suite, here))
    }
  }
  return result as CompiledPolicy
}
