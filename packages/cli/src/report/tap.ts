/** Test Anything Protocol, version 14. */
import { safeLine, safeText } from '../terminal-text.js'
import type { Report } from './report.js'

export function tap({ outcomes }: Report): string {
  const lines = outcomes.flatMap(({ name, file, failure }, i) => {
    const title = `${failure === undefined ? 'ok' : 'not ok'} ${i + 1} - ${escaped(name)}`
    // A string of JSON is one of YAML.
    return failure === undefined
      ? [title]
      : [title, '  ---', `  message: ${quoted(failure)}`, `  file: ${quoted(file)}`, '  ...']
  })
  return ['TAP version 14', `1..${outcomes.length}`, ...lines, ''].join('\n')
}

function quoted(text: string): string {
  return JSON.stringify(safeText(text))
}

function escaped(name: string): string {
  return safeLine(name).replaceAll('\\', '\\\\').replaceAll('#', '\\#')
}
