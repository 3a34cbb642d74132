/** Tests of a policy as data, to be run by the command line or by any test library. */
export { checkSuite } from './check.js'
export { type SuiteCoverage, suiteCoverage } from './coverage.js'
export {
  type CaseDocument,
  type CellsDocument,
  defineSuite,
  type ExpectationDocument,
  type FetchDocument,
  type MatrixDocument,
  type RequestDocument,
  type RouteDocument,
  type SuiteDocument,
} from './document.js'
export { type ClassKind, classLine, type RequestClass } from './request-class.js'
export type { CheckResult, Mismatch, SuiteResult, TestResult } from './result.js'
export { runSuite } from './run.js'
export { suggestCases } from './suggest.js'
export { emptySuite, failureOf, type SuiteTest, suiteTests } from './tests.js'
