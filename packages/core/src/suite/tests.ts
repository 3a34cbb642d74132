/** A suite as the tests of any test library. */

import type { Policy } from '../policy/policy.js'
import { escapeText } from '../quote.js'
import type { SuiteDocument } from './document.js'
import type { CheckResult, TestResult } from './result.js'
import { runSuite } from './run.js'

/** The name of a test, and what throws an Error where it fails. */
export type SuiteTest = readonly [name: string, check: () => void]

/**
 * Every matrix and every case of a suite as a test; for a suite that has none, one test that says so and fails, since
 * what tests nothing must not look like success.
 *
 *     import test from 'node:test'
 *
 *     for (const [name, check] of suiteTests(policy, suite)) test(name, check)
 *
 * @throws PolicyError as `runSuite` does.
 */
export function suiteTests(policy: Policy, suite: SuiteDocument): readonly SuiteTest[] {
  const { tests } = runSuite(policy, suite)
  if (tests.length === 0) return [[emptySuite.name, () => raise(emptySuite.failure)]]
  return tests.map((test) => [
    test.name,
    () => {
      if (!test.passed) throw new Error(failureOf(test))
    },
  ])
}

/** What fails where a suite has neither matrices nor cases. */
export const emptySuite = { name: 'the suite has tests', failure: 'it has no matrices and no cases' } as const

function raise(message: string): never {
  throw new Error(message)
}

/** More than this of one matrix say nothing new. */
const mostShown = 10

/** What failed of a test: each question, what was expected, what came of it, and why. */
export function failureOf({ name, kind, checks, position }: TestResult): string {
  const failed = checks.filter((check) => !check.passed)
  const where =
    position === undefined
      ? ''
      : ` (${position.file === undefined ? '' : `${escapeText(position.file)}:`}${position.line}:${position.column})`
  const count = kind === 'matrix' ? `: ${failed.length} of ${checks.length} cells` : ''
  const shown = failed.slice(0, mostShown).map(linesOf)
  const rest = failed.length > mostShown ? [`  and ${failed.length - mostShown} more`] : []
  return [`${escapeText(name)}${count}${where}`, ...shown, ...rest].join('\n')
}

function linesOf({ asked, mismatches, explanation }: CheckResult): string {
  const differences = mismatches.flatMap(({ field, expected, actual }) => {
    const label = field === 'cell' ? '' : `${field}: `
    return [`    - ${label}${expected}`, `    + ${label}${actual}`]
  })
  return [`  ${asked}`, ...differences, `    ${explanation}`].join('\n')
}
