/** A policy file: read, parsed, and compiled where it can be. */
import { compilePolicy, type Diagnostic, type Policy, type PolicyDocument, PolicyError } from '@safeconduct/core'
import { parsePolicy } from '@safeconduct/core/text'
import { CannotRun } from './exit.js'
import type { Io } from './io.js'
import { readDocument, type TextFile } from './text-file.js'

/** A policy that can be asked. */
export interface PolicyFile extends TextFile {
  readonly document: PolicyDocument
  readonly policy: Policy
}

/** @throws CannotRun if the file cannot be read, or its policy does not load. */
export async function loadPolicy(file: string, io: Io): Promise<PolicyFile> {
  return compiledFile(await readDocument(file, io))
}

/** @throws CannotRun with what is wrong. */
export function compiledFile({ file, text }: TextFile): PolicyFile {
  try {
    const document = parsePolicy(text, { file })
    return { file, text, document, policy: compilePolicy(document) }
  } catch (error) {
    if (error instanceof PolicyError) throw new CannotRun(invalid(file, error.diagnostics))
    throw error
  }
}

const mostShown = 5

function invalid(file: string, diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const shown = errors.slice(0, mostShown).map(({ position, code, message }) => {
    const place = position ? `${position.line}:${position.column} ` : ''
    return `  ${place}${code}: ${message}`
  })
  const rest =
    errors.length > mostShown ? [`  and ${errors.length - mostShown} more; safeconduct check shows them all`] : []
  return [`${file} is not a valid policy:`, ...shown, ...rest].join('\n')
}
