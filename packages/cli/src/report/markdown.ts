/** For a comment on a pull request. */
import { safeLine } from '../terminal-text.js'
import { block, code, plain, rich, row } from './markdown-text.js'
import type { Finding, Line, Report } from './report.js'

const marks = { error: '❌', warning: '⚠️', info: 'ℹ️' } as const
/** A comment on GitHub holds 65,536 characters. */
export const mostRows = 100

export function markdown({ command, findings, summary, lines = [], markdown: own }: Report): string {
  if (own !== undefined) return own
  const title = `### safeconduct ${command}\n\n${plain(summary)}\n`
  if (lines.length > 0) return `${title}\n${block(lines.flatMap((line) => indented(line, 0)).join('\n'))}`
  return findings.length > 0 ? `${title}\n${table(findings)}` : title
}

function table(findings: readonly Finding[]): string {
  const rows = findings.slice(0, mostRows).map((finding) => {
    const { severity, file, position, code: name, message } = finding
    return row(
      marks[severity],
      code(position ? `${file}:${position.line}` : file),
      `**${plain(name)}**: ${rich(message)}`,
    )
  })
  const rest = findings.length > mostRows ? `\nand ${findings.length - mostRows} more\n` : ''
  return `${row('', 'where', 'what')}${row('---', '---', '---')}${rows.join('')}${rest}`
}

const toneMarks: Partial<Readonly<Record<NonNullable<Line['tone']>, string>>> = { pass: '✔ ', fail: '✘ ' }

function indented({ text, tone = 'plain', below = [] }: Line, depth: number): string[] {
  const own = text === '' ? '' : `${'  '.repeat(depth)}${toneMarks[tone] ?? ''}${safeLine(text)}`
  return [own, ...below.flatMap((line) => indented(line, depth + 1))]
}
