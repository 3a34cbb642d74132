/** The first pass over a YAML text, in linear time and without a stack: whatever it lets through is safe to parse. */
import { CST, Lexer } from 'yaml'
import { type Diagnostic, diagnose } from '../diagnostic.js'
import { deepest } from '../policy/plain-data.js'
import { directiveSentence } from '../syntax-sentences.js'
import { stop } from './reading.js'
import { wordAt } from './yaml-fault.js'

/** Some 200,000 origins, one a line. A token takes the library up to 300 bytes. */
const mostTokens = 1_250_000

/** Tells of a fault, unless there is one already at the same place, or in what is named as well. */
export type Report = (diagnostic: Diagnostic, at: number, unlessIn?: 'line' | 'text') => void

/**
 * The tokens of the text. What a policy may not have is told as they come, and brackets and indicators that nest too
 * deeply end it at once; nothing has put tokens together yet.
 */
export function scan(text: string, report: Report): readonly string[] {
  const lexemes: string[] = []
  let at = 0
  let brackets = 0
  let indicators = 0
  let isText = false
  for (const lexeme of new Lexer().lex(text)) {
    const type: string | null = isText ? 'text' : CST.tokenType(lexeme)
    isText = type === 'scalar'
    if (type === 'flow-map-start' || type === 'flow-seq-start') brackets++
    else if (type === 'flow-map-end' || type === 'flow-seq-end') brackets = Math.max(0, brackets - 1)
    else if (type === 'flow-error-end') brackets = 0
    // `- - ? - x`: each of them begins a collection within the one before it.
    if (type === 'seq-item-ind' || type === 'explicit-key-ind') indicators++
    else if (type !== 'space') indicators = 0
    if (brackets > deepest || indicators > deepest) tooMuch(diagnose('text-too-deep', '', [deepest]), at, report)
    if (lexemes.push(lexeme) > mostTokens) {
      tooMuch(diagnose('text-too-large', '', [`${mostTokens} words and signs`]), at, report)
    }
    refuse(type, lexeme, text, at, report)
    if (type !== 'doc-mode' && type !== 'flow-error-end' && type !== 'scalar') at += lexeme.length
  }
  return lexemes
}

/** Ends the reading. */
export function tooMuch(diagnostic: Diagnostic, at: number, report: Report): never {
  report(diagnostic, at)
  throw stop
}

function refuse(type: string | null, lexeme: string, text: string, at: number, report: Report): void {
  if (type === 'alias' || type === 'anchor') report(diagnose('yaml-alias', '', [wordAt(text, at)]), at)
  else if (type === 'tag') report(diagnose('yaml-tag', '', [wordAt(text, at)]), at)
  else if (type === 'directive-line') report(diagnose('syntax', '', [directiveSentence(lexeme)]), at)
}
