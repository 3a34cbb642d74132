/** What comes of a suite. */
import type { Position } from '../diagnostic.js'
import type { CorsRequest } from '../evaluate/request.js'

/** An expectation that is not met. Both sides as text. */
export interface Mismatch {
  /** The expectation's key; `cell` in a matrix; `headers.<name>` for one header. */
  readonly field: string
  readonly expected: string
  readonly actual: string
}

/** One question: a case, or a cell of a matrix. */
export interface CheckResult {
  /** What is asked, in one line: `DELETE /api/orders/7 from https://evil.example`. */
  readonly asked: string
  readonly passed: boolean
  /** Empty where it passed. */
  readonly mismatches: readonly Mismatch[]
  /** Why the policy decides as it does, in one line. */
  readonly explanation: string
  /** All that the server saw, preflights included; the last one is explained. Empty where the browser sent nothing. */
  readonly requests: readonly CorsRequest[]
}

/** A matrix or a case. */
export interface TestResult {
  readonly name: string
  readonly kind: 'matrix' | 'request' | 'fetch'
  /** JSON Pointer into the suite. */
  readonly pointer: string
  /** Present where the suite came from text. */
  readonly position?: Position
  readonly passed: boolean
  /** One for a case, one a cell for a matrix. */
  readonly checks: readonly CheckResult[]
}

export interface SuiteResult {
  readonly passed: boolean
  readonly tests: readonly TestResult[]
  /** Numbers of checks. */
  readonly counts: { readonly passed: number; readonly failed: number }
}
