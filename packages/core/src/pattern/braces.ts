/**
 * `{a,b}`: two or more literal alternatives, none of them empty, not nested, without `*` and `..`.
 *
 * A word is read into its written-out forms; the first fault ends the reading.
 */
import { maxExpansions } from './glob.js'

export type BraceFault =
  | 'brace-unclosed'
  | 'brace-unopened'
  | 'brace-nested'
  | 'brace-empty-alternative'
  | 'brace-single-alternative'
  | 'brace-star'
  | 'brace-range'
  | 'too-many-expansions'

/** A fault and the index in the word at which it stands. */
export interface FaultAt<F> {
  readonly fault: F
  readonly at: number
}

/** The words that a word with braces stands for, without repeats. */
export function expandBraces(word: string): readonly string[] | FaultAt<BraceFault> {
  let expansions: string[] = ['']
  let i = 0
  while (i < word.length) {
    const c = word[i]
    if (c === '}') return { fault: 'brace-unopened', at: i }
    if (c !== '{') {
      const next = endOfPlain(word, i)
      const plain = word.slice(i, next)
      expansions = expansions.map((e) => e + plain)
      i = next
      continue
    }
    const close = word.indexOf('}', i)
    if (close === -1) return { fault: 'brace-unclosed', at: i }
    const fault = faultInside(word, i + 1, close)
    if (fault) return fault
    const alternatives = word.slice(i + 1, close).split(',')
    if (expansions.length * alternatives.length > maxExpansions) return { fault: 'too-many-expansions', at: i }
    expansions = expansions.flatMap((e) => alternatives.map((a) => e + a))
    i = close + 1
  }
  return [...new Set(expansions)]
}

function endOfPlain(word: string, from: number): number {
  let i = from
  while (i < word.length && word[i] !== '{' && word[i] !== '}') i++
  return i
}

function faultInside(word: string, start: number, close: number): FaultAt<BraceFault> | undefined {
  const inside = word.slice(start, close)
  const nested = inside.indexOf('{')
  if (nested !== -1) return { fault: 'brace-nested', at: start + nested }
  const star = inside.indexOf('*')
  if (star !== -1) return { fault: 'brace-star', at: start + star }
  const range = inside.indexOf('..')
  if (range !== -1) return { fault: 'brace-range', at: start + range }
  const alternatives = inside.split(',')
  if (alternatives.length < 2) return { fault: 'brace-single-alternative', at: start - 1 }
  if (alternatives.includes('')) return { fault: 'brace-empty-alternative', at: start - 1 }
  return undefined
}
