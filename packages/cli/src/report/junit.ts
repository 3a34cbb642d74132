/** JUnit's XML, as continuous-integration servers read it. */
import { safeText } from '../terminal-text.js'
import type { Outcome, Report } from './report.js'

export function junit({ command, outcomes }: Report): string {
  const files = [...new Set(outcomes.map((outcome) => outcome.file))]
  const suites = files.map((file) =>
    suite(
      file,
      outcomes.filter((outcome) => outcome.file === file),
    ),
  )
  const name = `name="${xml(`safeconduct ${command}`)}"`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${name} ${counts(outcomes)}>\n${suites.join('')}</testsuites>\n`
}

function counts(outcomes: readonly Outcome[]): string {
  const failures = outcomes.filter((outcome) => outcome.failure !== undefined).length
  return `tests="${outcomes.length}" failures="${failures}" errors="0"`
}

function suite(file: string, outcomes: readonly Outcome[]): string {
  return `  <testsuite name="${xml(file)}" ${counts(outcomes)} skipped="0">\n${outcomes.map(testCase).join('')}  </testsuite>\n`
}

function testCase({ name, file, failure }: Outcome): string {
  const attributes = `name="${xml(name)}" classname="${xml(file)}"`
  if (failure === undefined) return `    <testcase ${attributes}/>\n`
  const [first = ''] = failure.split('\n')
  return `    <testcase ${attributes}>\n      <failure message="${xml(first)}">${xml(failure)}</failure>\n    </testcase>\n`
}

/** What is left are characters that XML 1.0, section 2.2, can hold, but for two. */
function xml(text: string): string {
  return safeText(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
