/** The problems of a policy file, each with the lines that it is about. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codeFrameColumns } from '@babel/code-frame'
import { checkPolicy, type Diagnostic, PolicyError } from '@safeconduct/core'
import { parsePolicy } from '@safeconduct/core/text'
import { pc } from './colours.js'

export async function printDiagnostics(file: URL): Promise<void> {
  const text = await readFile(file, 'utf8')
  const diagnostics = [...problems(text, basename(fileURLToPath(file)))].sort(byPlace)
  for (const { severity, code, message, position } of diagnostics) {
    const colour = severity === 'error' ? pc.red : pc.yellow
    console.log(`${colour(severity)} ${pc.bold(code)}: ${message}`)
    if (position) console.log(`${codeFrameColumns(text, { start: position }, { linesAbove: 0, linesBelow: 0 })}\n`)
  }
  console.log(`${diagnostics.length} problems. None is let through.`)
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return (a.position?.line ?? 0) - (b.position?.line ?? 0) || (a.position?.column ?? 0) - (b.position?.column ?? 0)
}

/** What the text, the shape and the meaning of a policy have against it. */
export function problems(text: string, file: string): readonly Diagnostic[] {
  try {
    return checkPolicy(parsePolicy(text, { file }))
  } catch (error) {
    if (error instanceof PolicyError) return error.diagnostics
    throw error
  }
}
