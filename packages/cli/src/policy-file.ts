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

/** What was read is no policy. */
export class InvalidPolicy extends CannotRun {
  override readonly name: string = 'InvalidPolicy'
  /** What is wrong first, on one line. */
  readonly inShort: string

  constructor(file: string, diagnostics: readonly Diagnostic[]) {
    const [first = '', ...others] = faultsIn(diagnostics)
    super([`${file} is not a valid policy:`, ...shown([first, ...others])].join('\n'))
    this.inShort = `${file} is not a valid policy: ${first}${others.length > 0 ? ` (and ${others.length} more)` : ''}`
  }
}

/** @throws CannotRun if the file cannot be read. @throws InvalidPolicy if its policy does not load. */
export async function loadPolicy(file: string, io: Io): Promise<PolicyFile> {
  return compiledFile(await readDocument(file, io))
}

/** @throws InvalidPolicy with what is wrong. */
export function compiledFile({ file, text }: TextFile): PolicyFile {
  try {
    const document = parsePolicy(text, { file })
    return { file, text, document, policy: compilePolicy(document) }
  } catch (error) {
    if (error instanceof PolicyError) throw new InvalidPolicy(file, error.diagnostics)
    throw error
  }
}

function faultsIn(diagnostics: readonly Diagnostic[]): string[] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  return errors.map(({ position, code, message }) => {
    const place = position ? `${position.line}:${position.column} ` : ''
    return `${place}${code}: ${message}`
  })
}

const mostShown = 5

function shown(faults: readonly string[]): string[] {
  const rest = faults.length - mostShown
  const lines = faults.slice(0, mostShown).map((fault) => `  ${fault}`)
  return rest > 0 ? [...lines, `  and ${rest} more; safeconduct check shows them all`] : lines
}
