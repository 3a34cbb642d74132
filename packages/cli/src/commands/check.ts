/** `safeconduct check`: everything that is wrong with policy files. */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Severity } from '@safeconduct/core'
import { applyFixes } from '@safeconduct/core/text'
import { CannotRun, Usage } from '../exit.js'
import { filesNamed, isSuiteName, policies } from '../files.js'
import type { Io } from '../io.js'
import { findingsOf, type JudgedFile, judge } from '../judgement.js'
import { merged } from '../merge.js'
import { counted, type Finding, type Outcome, type Report } from '../report/report.js'
import { readDocument } from '../text-file.js'

export interface CheckOptions {
  /** The files are one policy, written by several teams. */
  readonly merge?: boolean
  /** Apply the fixes that diagnostics offer. */
  readonly fix?: boolean
  /** The least severity that makes the command fail; default `error`. */
  readonly failOn?: Severity
}

export async function checkCommand(names: readonly string[], options: CheckOptions, io: Io): Promise<Report> {
  const files = await filesNamed(names, policies, io)
  const suite = files.find(isSuiteName)
  if (suite !== undefined) throw new Usage(`${suite} is a suite; safeconduct test checks and runs it`)
  const judged: JudgedFile[] = []
  let fixes = 0
  for (const file of files) {
    const found = judge(await readDocument(file, io), io)
    const left = options.fix === true ? await fixed(found, io) : found
    if (left.text !== found.text) fixes += Math.max(1, found.diagnostics.length - left.diagnostics.length)
    judged.push(left)
  }
  const findings = options.merge === true ? merged(judged, io) : judged.flatMap(findingsOf)
  const failing = severities.slice(0, severities.indexOf(options.failOn ?? 'error') + 1)
  const isFailing = ({ severity }: Finding): boolean => failing.includes(severity)
  return {
    command: 'check',
    files,
    findings,
    outcomes: files.map((file) =>
      outcome(
        file,
        findings.filter((finding) => finding.file === file && isFailing(finding)),
      ),
    ),
    summary: summary(files.length, findings, fixes),
    texts: new Map(judged.map(({ file, text }) => [file, text])),
    failed: findings.some(isFailing),
    details: { fixed: fixes },
  }
}

const severities = ['error', 'warning', 'info'] as const

function summary(files: number, findings: readonly Finding[], fixes: number): string {
  const counts = severities.flatMap((severity) => {
    const n = findings.filter((finding) => finding.severity === severity).length
    return n === 0 ? [] : [counted(n, severity)]
  })
  const found = counts.length === 0 ? 'nothing to report' : counts.join(', ')
  return `${counted(files, 'file')}: ${found}${fixes === 0 ? '' : `; ${fixes} fixed`}`
}

function outcome(file: string, failing: readonly Finding[]): Outcome {
  if (failing.length === 0) return { name: file, file }
  const lines = failing.map(
    ({ code, message, position }) => `${position ? `${position.line}:${position.column} ` : ''}${code}: ${message}`,
  )
  return { name: file, file, failure: lines.join('\n') }
}

/** A fix can uncover another fault with a fix, so it is looked again; what fixes bring back and forth ends here. */
const mostRounds = 10

/** The file as its fixes leave it, written back. */
async function fixed(file: JudgedFile, io: Io): Promise<JudgedFile> {
  let current = file
  for (let round = 0; round < mostRounds; round++) {
    const text = fixedText(current)
    if (text === current.text) break
    current = judge({ file: file.file, text }, io)
  }
  if (current.text === file.text) return file
  try {
    await writeFile(resolve(io.cwd, file.file), current.text)
  } catch (error) {
    throw new CannotRun(`cannot write ${file.file}: ${error instanceof Error ? error.message : String(error)}`)
  }
  return current
}

function fixedText({ file, text, diagnostics }: JudgedFile): string {
  if (!diagnostics.some(({ fix, remove }) => fix !== undefined || remove === true)) return text
  return applyFixes(text, diagnostics, { file })
}
