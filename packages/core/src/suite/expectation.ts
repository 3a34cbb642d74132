/** What a case expects, held against what came of it. */

import type { Decision } from '../evaluate/decision.js'
import { escapeText } from '../quote.js'
import { isSafelistedResponseHeader } from '../web/header-name.js'
import { type Played, unnamedHeader } from './answer.js'
import type { ExpectationDocument } from './document.js'
import type { Mismatch } from './result.js'

export function requestMismatches(expect: ExpectationDocument, decision: Decision): Mismatch[] {
  const { outcome, status, headers = {}, vary } = expect
  const found = [...decisionMismatches(expect, decision)]
  if (outcome !== undefined) found.unshift(...differ('outcome', outcome, outcomeOf(decision)))
  if (status !== undefined) {
    found.push(...differ('status', String(status), decision.kind === 'preflight' ? String(decision.status) : 'none'))
  }
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase()
    const actual = Object.hasOwn(decision.headers, lower) ? decision.headers[lower] : undefined
    found.push(...differ(`headers.${lower}`, value ?? absent, actual ?? absent))
  }
  if (vary !== undefined) found.push(...differ('vary', listed(vary), listed(decision.vary)))
  return found
}

const absent = '(absent)'

/** What names a rule that is not there is refused whatever the policy says, and no test of it. */
export const noSuchRule: Mismatch = { field: 'rule', expected: 'a rule of the policy', actual: 'none of this name' }

export function fetchMismatches(expect: ExpectationDocument, { outcome, decided }: Played): Mismatch[] {
  const found = [...decisionMismatches(expect, decided.at(-1)?.decision)]
  if (expect.readable !== undefined)
    found.unshift(...differ('readable', String(expect.readable), String(outcome.readable)))
  if (expect.preflight !== undefined) {
    found.push(...differ('preflight', String(expect.preflight), String(outcome.preflighted)))
  }
  if (expect.exposed !== undefined) {
    found.push(
      ...differ('exposed', listed(expect.exposed.filter(needsExposing)), listed(seenBy(outcome.exposedHeaderNames))),
    )
  }
  return found
}

/** What a script sees beyond the safelisted headers; `*` where it sees the one that no policy names. */
function seenBy(names: readonly string[]): readonly string[] {
  return names.includes(unnamedHeader) ? ['*'] : names.filter(needsExposing)
}

function needsExposing(name: string): boolean {
  const lower = name.toLowerCase()
  return !isSafelistedResponseHeader(lower) && !lower.startsWith('access-control-')
}

function* decisionMismatches(expect: ExpectationDocument, decision: Decision | undefined): Iterable<Mismatch> {
  if (expect.rule !== undefined)
    yield* differ('rule', expect.rule === false ? 'none' : expect.rule, decision?.ruleId ?? 'none')
  if (expect.reason !== undefined) yield* differ('reason', expect.reason, decision?.reason ?? 'none: nothing was sent')
  else if (decision?.reason === 'unknown-rule') yield noSuchRule
}

function outcomeOf(decision: Decision): string {
  return decision.kind === 'non-cors' ? 'non-cors' : decision.allowed ? 'allowed' : 'refused'
}

function listed(names: readonly string[]): string {
  const lower = [...new Set(names.map((name) => name.toLowerCase()))].sort()
  return lower.length === 0 ? 'none' : lower.join(', ')
}

function differ(field: string, expected: string, actual: string): Mismatch[] {
  return expected === actual ? [] : [{ field, expected: escapeText(expected), actual: escapeText(actual) }]
}
