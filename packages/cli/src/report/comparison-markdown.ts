/** A comparison as a comment on a pull request, for a reader who has never heard of safeconduct. */
import type { Change } from '@safeconduct/core/analysis'
import { rulesOf, whatIs, whereIs, whoIs } from '../change-words.js'
import type { ComparedFile } from '../commands/compare.js'
import { requestWords } from '../request-words.js'
import { bases, comparisonSummary, directions, heads, incomplete } from './comparison-lines.js'
import { mostRows } from './markdown.js'
import { code, plain, row } from './markdown-text.js'

export function comparisonMarkdown(compared: readonly ComparedFile[]): string {
  const comparisons = compared.map(({ comparison }) => comparison)
  const broader = comparisons.some(({ changes }) => changes.some(({ direction }) => direction === 'broader'))
  const changed = comparisons.some(({ changes }) => changes.length > 0)
  const headline = broader
    ? '### ⚠️ CORS policy: this change lets pages do more than before'
    : changed
      ? '### CORS policy: this change allows less than before'
      : '### ✅ CORS policy: nothing changes for any request'
  const files = compared.map(fileSection)
  return `${headline}\n\n${plain(comparisonSummary(comparisons))}\n${files.join('')}`
}

function fileSection({ before, after, base, head, comparison }: ComparedFile): string {
  const { changes, complete } = comparison
  if (changes.length === 0 && complete) return ''
  const sections = directions.map(({ direction, title }) => {
    const found = changes.filter((change) => change.direction === direction)
    return found.length === 0 ? '' : `\n**${title}**\n\n${table(found, direction)}`
  })
  return `\n${code(after)}${plain(heads[head])} compared with ${code(before)}${plain(bases[base])}\n${sections.join('')}${complete ? '' : `\n⚠️ ${plain(incomplete(comparison))}\n`}`
}

function table(changes: readonly Change[], direction: Change['direction']): string {
  const head = row('who', direction === 'broader' ? 'may now' : 'may no longer', 'where', 'for example')
  const rows = changes
    .slice(0, mostRows)
    .map((change) =>
      row(
        `**${whoIs(change, code)}**`,
        whatIs(change, code),
        `${whereIs(change, code)}<br>${rulesOf(change, code)}`,
        code(requestWords(change.witness)),
      ),
    )
  const rest =
    changes.length > mostRows ? `\nand ${changes.length - mostRows} more: \`safeconduct compare\` shows them all\n` : ''
  return `${head}${row('---', '---', '---', '---')}${rows.join('')}${rest}`
}
