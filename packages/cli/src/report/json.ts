/** The report as data, as `schemas/report.v1.schema.json` describes it. */
import { safeJson } from '../terminal-text.js'
import type { Report } from './report.js'

export function json({ command, files, findings, outcomes, summary, failed, details }: Report): string {
  return safeJson({ version: 1, command, files, failed, summary, findings, outcomes, ...details })
}
