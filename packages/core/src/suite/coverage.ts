/** Which classes of requests no test of a suite visits. */
import type { Policy } from '../policy/policy.js'
import { checkedSuite } from './check.js'
import type { SuiteDocument } from './document.js'
import { classesMet, nameOf, type RequestClass, requestClasses } from './request-class.js'
import { runSuite, withSuiteOrigins } from './run.js'

export interface SuiteCoverage {
  /** The classes that some request of a test is in, whether the test passed or not. */
  readonly visited: readonly RequestClass[]
  /** The others, each with a witness. */
  readonly missing: readonly RequestClass[]
  /** Visited classes among all, 0 to 1; 1 where there are none. */
  readonly ratio: number
  /** False: the globs combine in more ways than can be looked through, and classes may be missing from the lists. */
  readonly complete: boolean
}

/** @throws PolicyError as `runSuite` does. */
export function suiteCoverage(policy: Policy, suite: SuiteDocument): SuiteCoverage {
  const compiled = withSuiteOrigins(policy, checkedSuite(suite), suite)
  const { classes, complete } = requestClasses(compiled)
  const requests = runSuite(policy, suite).tests.flatMap(({ checks }) => checks.flatMap((check) => check.requests))
  const met = new Set(requests.flatMap((request) => classesMet(compiled, request)))
  const visited = classes.filter((each) => met.has(nameOf(each)))
  const missing = classes.filter((each) => !met.has(nameOf(each)))
  return { visited, missing, ratio: classes.length === 0 ? 1 : visited.length / classes.length, complete }
}
