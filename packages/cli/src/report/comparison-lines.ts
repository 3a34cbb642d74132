/** A comparison for people: who gained what, then who lost what. */
import type { Change, Comparison } from '@safeconduct/core/analysis'
import { outcomeWords, rulesOf, tangledWords, whatIs, whereIs, whoIs } from '../change-words.js'
import type { Base, ComparedFile, Head } from '../commands/compare.js'
import { requestWords } from '../request-words.js'
import { counted, type Line } from './report.js'

export const directions = [
  { direction: 'broader', title: 'Allowed now, refused before', verb: 'may now' },
  { direction: 'narrower', title: 'Refused now, allowed before', verb: 'may no longer' },
] as const

export const bases: Readonly<Record<Base, string>> = {
  valid: '',
  absent: ', which is not there: nobody was allowed anything',
  invalid: ', which is not a valid policy: nobody was allowed anything',
}

export const heads: Readonly<Record<Head, string>> = {
  valid: ',',
  absent: ', which is gone: nobody is allowed anything;',
}

export function comparisonLines({ before, after, base, head, comparison }: ComparedFile): readonly Line[] {
  const sections = directions.flatMap(({ direction, title, verb }): Line[] => {
    const people = byPerson(comparison.changes.filter((change) => change.direction === direction))
    if (people.size === 0) return []
    const tone = direction === 'broader' ? 'alarm' : 'heading'
    const below = [...people].map(
      ([who, changes]): Line => ({
        text: who,
        tone: 'heading',
        below: changes.map((change) => changeLine(change, verb)),
      }),
    )
    return [{ text: title, tone, below }, { text: '' }]
  })
  const names = `${after}${heads[head]} compared with ${before}${bases[base]}`
  const isSame = sections.length === 0 && comparison.complete
  return [
    { text: isSame ? `${names}: no difference` : names, tone: 'quiet' },
    { text: '' },
    ...sections,
    ...incompleteness(comparison),
  ]
}

const bare = (text: string): string => text

function byPerson(changes: readonly Change[]): ReadonlyMap<string, readonly Change[]> {
  const found = new Map<string, Change[]>()
  for (const change of changes) {
    const who = whoIs(change, bare)
    found.set(who, [...(found.get(who) ?? []), change])
  }
  return found
}

function changeLine(change: Change, verb: string): Line {
  const where = `${change.paths.length === 0 ? '' : 'at '}${whereIs(change, bare)}`
  const example = `e.g. ${requestWords(change.witness)}: ${outcomeWords(change.reasons)}`
  return {
    text: `${verb} ${whatIs(change, bare)}`,
    below: [{ text: `${where} (${rulesOf(change, bare)})` }, { text: example, tone: 'quiet' }],
  }
}

function incompleteness(comparison: Comparison): Line[] {
  return comparison.complete ? [] : [{ text: incomplete(comparison), tone: 'alarm' }]
}

export function incomplete({ tangled }: Comparison): string {
  return `Incomplete, there may be more changes: ${tangledWords(tangled)}.`
}

export function comparisonSummary(comparisons: readonly Comparison[]): string {
  const of = (direction: Change['direction']): number =>
    comparisons.reduce((n, { changes }) => n + changes.filter((change) => change.direction === direction).length, 0)
  const [broader, narrower] = [of('broader'), of('narrower')]
  const known = comparisons.every(({ complete }) => complete)
  if (broader + narrower === 0)
    return known
      ? 'equivalent: every request has the same outcome'
      : 'no change found, but not all could be looked through'
  const more = broader > 0 ? [`${counted(broader, 'change')} ${broader === 1 ? 'allows' : 'allow'} more`] : []
  const less =
    narrower > 0
      ? [`${broader > 0 ? narrower : counted(narrower, 'change')} ${narrower === 1 ? 'allows' : 'allow'} less`]
      : []
  const verdict = broader > 0 && narrower > 0 ? 'broader and narrower' : broader > 0 ? 'broader' : 'narrower'
  return `${verdict}: ${[...more, ...less].join(', ')}`
}
