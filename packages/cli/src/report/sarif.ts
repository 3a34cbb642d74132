/** SARIF 2.1.0 (OASIS), for code scanning. */
import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import { safeJson, safeText } from '../terminal-text.js'
import { version } from '../version.js'
import type { Finding, Report } from './report.js'

const levels = { error: 'error', warning: 'warning', info: 'note' } as const

export function sarif({ findings }: Report): string {
  const codes = [...new Set(findings.map((finding) => finding.code))]
  const rules = codes.map((id) => ({ id, shortDescription: { text: id.replaceAll('-', ' ') } }))
  const run = {
    tool: { driver: { name: 'safeconduct', version, rules } },
    invocations: [{ executionSuccessful: true }],
    columnKind: 'utf16CodeUnits',
    results: findings.map((finding) => result(finding, codes.indexOf(finding.code))),
  }
  return safeJson({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] })
}

function result({ code, severity, message, file, pointer, position }: Finding, ruleIndex: number): object {
  const region = position && { startLine: position.line, startColumn: position.column }
  const logicalLocations = pointer ? { logicalLocations: [{ fullyQualifiedName: pointer }] } : {}
  const physicalLocation = { artifactLocation: { uri: uriOf(file) }, ...(region ? { region } : {}) }
  return {
    ruleId: code,
    ruleIndex,
    level: levels[severity],
    message: { text: safeText(message) },
    locations: [{ physicalLocation, ...logicalLocations }],
  }
}

/** Relative to the working directory, as code scanning wants it where that is the repository's. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href
  return file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/')
}
