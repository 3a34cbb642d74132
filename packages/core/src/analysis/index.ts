/** The door of the analysis: questions about all requests that a policy can meet. Names handed on, nothing defined. */
export { type Assumption, assumptions } from './assumed.js'
export { type Change, type Comparison, compare, type Difference } from './compare.js'
export { type ExplainOptions, type Explanation, type ExplanationStep, explain, type Verdict } from './explain.js'
export { type LintOptions, lint } from './lint.js'
export {
  type Counterexample,
  type NamedPlace,
  type Proof,
  prove,
  proveAt,
  proveInvariants,
  type Query,
} from './prove.js'
