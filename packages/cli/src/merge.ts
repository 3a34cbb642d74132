/**
 * Files of several teams as one policy. The order of files means nothing: rules are put side by side, and what clashes
 * between them is told with the file of each.
 */
import type { Diagnostic, PolicyDocument } from '@safeconduct/core'
import type { Io } from './io.js'
import { findingsOf, type JudgedFile, judgeDocument } from './judgement.js'
import type { Finding } from './report/report.js'

interface Part {
  readonly file: JudgedFile
  readonly document: PolicyDocument
}

/** What is wrong with the files themselves; if each can be read, what is wrong with all of them together. */
export function merged(files: readonly JudgedFile[], io: Io): Finding[] {
  const parts = files.flatMap((file) => (file.document === undefined ? [] : [{ file, document: file.document }]))
  if (parts.length < files.length) return files.flatMap(findingsOf)
  const whole = judgeDocument(together(parts.map((part) => part.document)), io)
  return [...clashes(parts), ...whole.map((diagnostic) => placed(diagnostic, parts))]
}

function together(documents: readonly PolicyDocument[]): PolicyDocument {
  const [preflightStatus] = documents.flatMap((document) => document.preflightStatus ?? [])
  return {
    version: 1,
    ...(preflightStatus === undefined ? {} : { preflightStatus }),
    origins: Object.fromEntries(documents.flatMap((document) => Object.entries(document.origins ?? {}))),
    rules: documents.flatMap((document) => document.rules),
    invariants: documents.flatMap((document) => document.invariants ?? []),
  }
}

/** Names and settings that a policy has once, and two files give otherwise. */
function clashes(parts: readonly Part[]): Finding[] {
  const findings: Finding[] = []
  const groups = new Map<string, Part>()
  let status: Part | undefined
  for (const part of parts) {
    for (const [name, group] of Object.entries(part.document.origins ?? {})) {
      const first = groups.get(name)
      if (first === undefined) groups.set(name, part)
      else if (JSON.stringify(first.document.origins?.[name]) !== JSON.stringify(group)) {
        const message = `group \`${name}\` holds other origins in ${first.file.file}; rename one, or make them equal`
        findings.push(clash(part, `/origins/${name}`, message))
      }
    }
    const { preflightStatus } = part.document
    if (preflightStatus === undefined) continue
    if (status !== undefined && status.document.preflightStatus !== preflightStatus) {
      const message = `the preflight status is ${status.document.preflightStatus} in ${status.file.file}; keep one`
      findings.push(clash(part, '/preflightStatus', message))
    }
    status ??= part
  }
  return findings
}

function clash({ file }: Part, pointer: string, message: string): Finding {
  const position = file.locate?.(pointer)
  return {
    code: 'merge-conflict',
    severity: 'error',
    message,
    file: file.file,
    pointer,
    ...(position ? { position } : {}),
  }
}

/** A place in the merged document as one in the file that it came from; names of rules with the file that they are in. */
function placed({ position: _, ...diagnostic }: Diagnostic, parts: readonly Part[]): Finding {
  const { file, pointer } = homeOf(diagnostic.pointer, parts)
  const position = file.locate?.(pointer)
  const message = diagnostic.message.replace(mentions, (said, rule?: string) =>
    rule === undefined ? placeOf(said, parts) : `${said}${elsewhere(rule, file, parts)}`,
  )
  return { ...diagnostic, message, pointer, file: file.file, ...(position ? { position } : {}) }
}

/** In sentences: a rule by its id, and a place by its pointer. */
const mentions = /\brule `([^`]*)`|(?<=\bat )\/(?:rules|invariants|origins)\/[^\s,;]*/g

function placeOf(pointer: string, parts: readonly Part[]): string {
  const home = homeOf(pointer, parts)
  const position = home.file.locate?.(home.pointer)
  return position === undefined
    ? `${home.pointer} of ${home.file.file}`
    : `${home.file.file}:${position.line}:${position.column}`
}

function elsewhere(rule: string, here: JudgedFile, parts: readonly Part[]): string {
  const homes = parts.filter(({ document }) => document.rules.some(({ id }) => id === rule)).map(({ file }) => file)
  const [only] = homes
  return homes.length === 1 && only !== undefined && only !== here ? ` of ${only.file}` : ''
}

function homeOf(pointer: string, parts: readonly Part[]): { readonly file: JudgedFile; readonly pointer: string } {
  const [, list, at, rest = ''] = /^\/(rules|invariants)\/(\d+)(.*)$/.exec(pointer) ?? []
  if (list === 'rules' || list === 'invariants') {
    let index = Number(at)
    for (const { file, document } of parts) {
      const length = document[list]?.length ?? 0
      if (index < length) return { file, pointer: `/${list}/${index}${rest}` }
      index -= length
    }
  }
  const [, group] = /^\/origins\/([^/]*)/.exec(pointer) ?? []
  // Of equal groups the last is the one that was put into the whole.
  const owner = parts.findLast(({ document }) => group !== undefined && Object.hasOwn(document.origins ?? {}, group))
  return { file: (owner ?? (parts[0] as Part)).file, pointer }
}
