/**
 * A group that nothing names: text that a reviewer reads for nothing, or a grant that was forgotten. Which of them,
 * nobody but its author knows: there is no `remove`, since that would delete what somebody wrote for the next change.
 */
import { type Diagnostic, diagnose, pointer } from '../../diagnostic.js'
import { evaluate } from '../../evaluate/evaluate.js'
import type { CorsRequest } from '../../evaluate/request.js'
import { parseOriginPattern } from '../../pattern/origin-pattern.js'
import { field, fieldsOf, listOf, textsOf } from '../../policy/read.js'
import type { LintedPolicy } from '../linted.js'

export function* unusedGroup(policy: LintedPolicy): Iterable<Diagnostic> {
  const { document } = policy
  const lists = [
    ...listOf(document.rules)
      .flatMap((rule) => listOf(field(rule, 'allow')))
      .map((grant) => field(grant, 'origins')),
    ...listOf(document.invariants).map((invariant) => field(field(invariant, 'never'), 'origins')),
  ]
  const named = new Set(lists.flatMap((list) => [...textsOf(list)].map(([, text]) => text)))
  for (const [name, members] of Object.entries(fieldsOf(document.origins))) {
    // Without its `@` it is an error of its own.
    if (named.has(`@${name}`) || named.has(name)) continue
    yield diagnose('unused-group', pointer('origins', name), [name], {
      severity: 'info',
      witness: refusal(policy, members),
    })
  }
}

/** A request by a member that no grant lets in. */
function refusal({ policy, grants }: LintedPolicy, members: unknown): CorsRequest | undefined {
  const origin = [...textsOf(members)]
    .map(([, text]) => text)
    .find((text) => {
      const glob = parseOriginPattern(text)
      return !('fault' in glob) && glob.kind === 'exact'
    })
  if (origin === undefined) return undefined
  for (const { target } of grants) {
    const request: CorsRequest = { ...target(), method: 'GET', origin }
    if (evaluate(policy, request).reason === 'origin-not-allowed') return request
  }
  return undefined
}
