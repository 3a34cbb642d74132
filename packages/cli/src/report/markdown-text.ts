/** Text that stays text in Markdown: no markup, no HTML, no mention, no link. */
import { safeLine } from '../terminal-text.js'

export function plain(text: string): string {
  return safeLine(text)
    .replace(/[\\*_[\]()#~!`]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;')
    .replaceAll('://', '&#58;//')
    .replace(/\bwww\./g, '&#119;ww.')
}

/** A code span that can hold backticks too: within a longer run of them. */
export function code(text: string): string {
  const safe = safeLine(text)
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = safe.startsWith('`') || safe.endsWith('`') ? ' ' : ''
  return safe === '' ? '' : `${fence}${pad}${safe}${pad}${fence}`
}

/** A sentence of ours, in which what the user wrote stands in backticks: it holds none itself. */
export function rich(sentence: string): string {
  return sentence
    .split('`')
    .map((part, i) => (i % 2 === 0 ? plain(part) : code(part)))
    .join('')
}

/** A row of a table, of cells in Markdown. */
export function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
}

/** A block of text as it is. */
export function block(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${text}\n${fence}\n`
}
