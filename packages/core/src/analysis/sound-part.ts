/**
 * The part of a document that has no errors, every remaining part in its place: a rule with an error becomes one that
 * nobody can meet, and so does a rule that names a faulty group. A policy is linted while it is being written, and
 * one typing error shall not hide the rest.
 */
import { type Diagnostic, PolicyError, pointer } from '../diagnostic.js'
import { compilePolicy } from '../policy/compile.js'
import type { OriginGroupDocument, PolicyDocument, RuleDocument } from '../policy/document.js'
import type { CompiledPolicy } from '../policy/policy.js'
import { field, fieldsOf, listOf, textsOf } from '../policy/read.js'

export interface SoundPart {
  readonly document: PolicyDocument
  readonly policy: CompiledPolicy
  /** Nothing had to be left out. */
  readonly isWhole: boolean
}

/** Leaving out a rule brings no new errors, and each fault is told at its first reading; the rest is for cyclic data. */
const mostReadings = 3

/** `undefined`: the document has no list of rules, or cannot be read. */
export function soundPart(document: unknown): SoundPart | undefined {
  if (!Array.isArray(field(document, 'rules'))) return undefined
  let part = withoutFaults(document, [])
  for (let reading = 0; reading < mostReadings; reading++) {
    try {
      return { document: part, policy: compilePolicy(part) as CompiledPolicy, isWhole: reading === 0 }
    } catch (thrown) {
      if (!(thrown instanceof PolicyError)) throw thrown
      part = withoutFaults(part, thrown.diagnostics)
    }
  }
  return undefined
}

function withoutFaults(document: unknown, diagnostics: readonly Diagnostic[]): PolicyDocument {
  // Of a rule or a group, whatever of it is at fault.
  const errors = diagnostics.filter((d) => d.severity === 'error')
  const places = new Set(errors.map((d) => d.pointer.split('/', 3).join('/')))
  const isFaulty = (at: string): boolean => places.has(at)
  const groups = Object.entries(fieldsOf(field(document, 'origins')))
  const faulty = new Set(groups.flatMap(([name]) => (isFaulty(pointer('origins', name)) ? [`@${name}`] : [])))
  const rules = listOf(field(document, 'rules')).map((rule, i) =>
    isFaulty(pointer('rules', i)) || namesOne(rule, faulty) ? unmet(i) : (rule as RuleDocument),
  )
  const origins = groups.filter(([name]) => !faulty.has(`@${name}`)) as [string, OriginGroupDocument][]
  return { version: 1, origins: Object.fromEntries(origins), rules }
}

function namesOne(rule: unknown, groups: ReadonlySet<string>): boolean {
  if (groups.size === 0) return false
  return listOf(field(rule, 'allow')).some((grant) =>
    [...textsOf(field(grant, 'origins'))].some(([, text]) => groups.has(text)),
  )
}

function unmet(index: number): RuleDocument {
  return { id: `left-out-${index}`, paths: [], allow: [] }
}
