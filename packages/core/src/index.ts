/** The front door: names handed on, nothing defined. */
export {
  type Diagnostic,
  type DiagnosticCode,
  diagnosticCodes,
  diagnosticLine,
  PolicyError,
  type Position,
  type Severity,
  type Witness,
} from './diagnostic.js'
export { corsRequest } from './evaluate/cors-request.js'
export type {
  ActualDecision,
  Decision,
  DecisionHeaders,
  NonCorsDecision,
  PreflightDecision,
  Reason,
} from './evaluate/decision.js'
export { type EvaluateOptions, evaluate, isPreflight } from './evaluate/evaluate.js'
export type { CorsRequest } from './evaluate/request.js'
export { isUpgradeAllowed } from './evaluate/upgrade.js'
export { checkPolicy } from './policy/check.js'
export { compilePolicy } from './policy/compile.js'
export {
  definePolicy,
  type GrantDocument,
  type InvariantDocument,
  type OriginGroupDocument,
  type PolicyDocument,
  type RuleDocument,
  type WaiverDocument,
} from './policy/document.js'
export type { OriginChange } from './policy/group-change.js'
export { isPolicy, type Policy, type PolicyGrant, type PolicyRule } from './policy/policy.js'
export { printPolicy } from './policy/print.js'
export { foldPolicy, rulesMet } from './policy/router.js'
export { withOrigins } from './policy/with-origins.js'
export { quote } from './quote.js'
export { canonicalPath, type RouterOptions } from './web/path.js'
