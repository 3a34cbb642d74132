/** What is said about the text of a policy or a suite, or about the part of a policy that a page prints. */
import {
  checkPolicy,
  compilePolicy,
  type Diagnostic,
  type DiagnosticCode,
  type PolicyDocument,
  PolicyError,
} from '@safeconduct/core'
import { lint, proveInvariants } from '@safeconduct/core/analysis'
import { checkSuite } from '@safeconduct/core/suite'
import { parsePolicy, parseSuite } from '@safeconduct/core/text'

/** Faults of a text, whatever it says. */
export const textCodes: readonly DiagnosticCode[] = [
  'syntax',
  'text-too-large',
  'text-too-deep',
  'duplicate-key',
  'yaml-alias',
  'yaml-tag',
]

type Format = 'json' | 'jsonc' | 'yaml'

/** The text door's diagnostics, none where it reads a document. */
function said(text: string, language: string): { document?: object; diagnostics: readonly Diagnostic[] } {
  try {
    return { document: parsePolicy(text, { format: language as Format }), diagnostics: [] }
  } catch (thrown) {
    if (thrown instanceof PolicyError) return { diagnostics: thrown.diagnostics }
    throw thrown
  }
}

/** The value of a text of JSON, comments passed over; the last of two equal keys counts. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text.replace(/(^|\s)\/\/ .*$/gm, ''))
  } catch {
    return undefined
  }
}

/** A policy with a part put in its place: a list of rules, a rule, a grant. Undefined for what is none of these. */
function policyAround(part: unknown): object | undefined {
  if (Array.isArray(part)) return part.every((rule) => isPart(rule, 'paths')) ? { version: 1, rules: part } : undefined
  if (isPart(part, 'rules')) return part
  if (isPart(part, 'paths')) return { version: 1, rules: [part] }
  if (!isPart(part, 'origins') && !isPart(part, 'methods')) return undefined
  return { version: 1, rules: [{ id: 'example', paths: ['/example/**'], allow: [part] }] }
}

function isPart(value: unknown, key: string): value is object {
  return typeof value === 'object' && value !== null && key in value
}

/** The day of all tests: no page goes out of date. */
const today = '2026-01-01'

/** What a document means, by every door that judges one. */
export function judgeDocument(document: object): readonly Diagnostic[] {
  const policy = document as PolicyDocument
  return [...checkPolicy(policy), ...lint(policy, { today }), ...brokenPromises(policy)]
}

/** None where the policy does not load. */
function brokenPromises(document: PolicyDocument): readonly Diagnostic[] {
  try {
    return proveInvariants(compilePolicy(document))
  } catch (thrown) {
    if (thrown instanceof PolicyError) return []
    throw thrown
  }
}

/** Everything that the doors say of a suite or a policy, a part of which is put in its place; faults of the text alone where it is no part. */
export function judge(text: string, language: string): readonly Diagnostic[] {
  const suite = language === 'json' ? jsonOf(text) : undefined
  if (isPart(suite, 'matrices') || isPart(suite, 'cases')) return checkSuite(suite)
  if (language === 'yaml' && /^(matrices|cases):/m.test(text)) return judgeSuite(text)
  const { document, diagnostics } = said(text, language)
  const policy = document ?? policyAround(language === 'yaml' ? undefined : jsonOf(text))
  const faults = policy === undefined && language === 'yaml' ? diagnostics : diagnostics.filter(isOfText)
  return policy === undefined ? faults : [...faults, ...judgeDocument(policy)]
}

function judgeSuite(text: string): readonly Diagnostic[] {
  try {
    return checkSuite(parseSuite(text, { format: 'yaml' }))
  } catch (thrown) {
    if (thrown instanceof PolicyError) return thrown.diagnostics
    throw thrown
  }
}

function isOfText({ code }: Diagnostic): boolean {
  return textCodes.includes(code)
}
