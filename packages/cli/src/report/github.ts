/** Workflow commands of GitHub Actions: annotations beside the lines of a pull request. */
import { safeLine } from '../terminal-text.js'
import type { Finding, Report } from './report.js'

const levels = { error: 'error', warning: 'warning', info: 'notice' } as const

export function github({ findings, summary }: Report): string {
  return `${[...findings.map(annotation), `safeconduct: ${safeLine(summary)}`].join('\n')}\n`
}

function annotation({ severity, file, position, code, message }: Finding): string {
  const place = position ? `,line=${position.line},col=${position.column}` : ''
  return `::${levels[severity]} file=${property(file)}${place},title=${property(code)}::${data(message)}`
}

/** What the runner decodes again in a command's data, and beyond that in a property. */
function data(text: string): string {
  return safeLine(text).replaceAll('%', '%25')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
