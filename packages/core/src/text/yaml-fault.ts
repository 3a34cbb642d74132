/** A fault that the YAML library found, in our words. */
import { type Diagnostic, diagnose } from '../diagnostic.js'
import { type YamlFault, yamlSentence } from '../syntax-sentences.js'

/** By the library's code, or where one code stands for much, by how its message begins. */
const faults: readonly (readonly [library: RegExp, fault: YamlFault])[] = [
  [/^\S+ Missing closing/, 'quote'],
  [/^\S+ Flow (?:map|sequence) .*end with a/, 'bracket'],
  [/^\S+ Implicit map keys|^MULTILINE_IMPLICIT_KEY/, 'colon'],
  [/^\S+ Missing (?:,|space)|^BLOCK_IN_FLOW/, 'comma'],
  [/^\S+ Comments must/, 'comment'],
  [/^\S+ Unexpected block-seq-ind/, 'list'],
  [/^BLOCK_AS_IMPLICIT_KEY A block sequence|^\S+ Sequence item without/, 'indent'],
  [/^BLOCK_AS_IMPLICIT_KEY/, 'key'],
  [/^BAD_SCALAR_START/, 'start'],
  [/^BAD_DQ_ESCAPE/, 'escape'],
  [/^KEY_OVER_1024_CHARS/, 'long-key'],
  [/^TAB_AS_INDENT/, 'tab'],
  [/^BAD_INDENT/, 'indent'],
]

export interface PlacedFault {
  readonly fault: YamlFault
  readonly diagnostic: Diagnostic
  /** Where a reader looks for it, which may be on another line than where the library noticed it. */
  readonly at: number
}

export function yamlFault(code: string, message: string, text: string, noticed: number): PlacedFault {
  const line = `${code} ${message}`
  const first = bracesInText.test(wordAt(text, noticed))
    ? 'braces'
    : (faults.find(([library]) => library.test(line))?.[1] ?? 'unexpected')
  const { fault, at } =
    first === 'quote'
      ? { fault: first, at: openQuote(text, noticed, line.endsWith('"quote') ? '"' : "'") }
      : placed(first, text, noticed)
  return { fault, at, diagnostic: diagnose('syntax', '', [yamlSentence(fault, wordAt(text, at))]) }
}

/** Faults that the indentation of a line leads to, or a dash that is none. */
export const ofLayout: readonly YamlFault[] = ['indent', 'dash', 'key', 'colon', 'unexpected']

function placed(fault: YamlFault, text: string, at: number): Pick<PlacedFault, 'fault' | 'at'> {
  if (!ofLayout.includes(fault)) return { fault, at }
  const here = nextText(text, at)
  if (here === text.length) return { fault, at }
  const dash = bareDash(text, here)
  if (dash !== undefined) return { fault: 'dash', at: dash }
  const isFirst = text.slice(lineStart(text, here), here).trim() === ''
  const isShifted = isFirst && (here !== at || (fault === 'unexpected' && !/[\]},]/.test(text.charAt(here))))
  if (fault === 'indent' || isShifted) return { fault: 'indent', at: here }
  // A value that goes on in the next line, since that is indented too deep, and is a key there.
  const end = /[\r\n]/.exec(text.slice(at, at + farthest))?.index
  if (end === undefined || /:\s/.test(text.slice(at, at + end + 1))) return { fault, at }
  const next = nextText(text, at + end)
  if (next === text.length) return { fault, at }
  const goesOn = fault === 'key' || (fault === 'colon' && next - lineStart(text, next) < at - lineStart(text, at))
  return goesOn ? { fault: 'indent', at: next } : { fault, at }
}

/** The first character from here on that is neither blank nor of a comment. */
function nextText(text: string, at: number): number {
  let next = firstOf(/\S/g, text, at)
  while (text[next] === '#' && next > at) next = firstOf(/\S/g, text, firstOf(/[\r\n]/g, text, next))
  return next
}

function firstOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from
  return pattern.exec(text)?.index ?? text.length
}

/** The `-` that begins the line without a blank behind it. */
function bareDash(text: string, at: number): number | undefined {
  const dash = / *-(?=[^\s-])/y
  dash.lastIndex = lineStart(text, at)
  return dash.test(text) ? dash.lastIndex - 1 : undefined
}

function lineStart(text: string, at: number): number {
  const before = text.slice(Math.max(0, at - farthest), at)
  return at - before.length + Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1
}

/** Where the quoted text begins that is still open at its end: in between its own quote stands only escaped. */
function openQuote(text: string, end: number, quote: '"' | "'"): number {
  const escape = quote === '"' ? '\\' : "'"
  let at = end === 0 ? -1 : text.lastIndexOf(quote, end - 1)
  while (at !== -1) {
    let from = at
    while (text[from - 1] === escape) from--
    if ((at - from) % 2 === 0) return quote === '"' ? at : from
    at = from === 0 ? -1 : text.lastIndexOf(quote, from - 1)
  }
  return end
}

/** A bracket in the middle of a word: YAML takes it for the beginning or the end of a collection. */
const bracesInText = /^[^"'].*(?:[^\s,:[{][[{]|[}\]](?:[^\s,:}\]]|:\S))/

const farthest = 200

/** The word around an offset, without the brackets and commas of a list that it stands in. */
export function wordAt(text: string, at: number): string {
  let start = at
  while (start > 0 && at - start < farthest && !isBlank(text[start - 1])) start--
  let end = at
  while (end < text.length && end - at < farthest && !isBlank(text[end])) end++
  const word = text.slice(start, end).replace(/,$/, '')
  const inner = word.startsWith('[') ? word.replace(/^\[+/, '').replace(/\]$/, '') : ''
  return inner === '' ? word : inner
}

function isBlank(character: string | undefined): boolean {
  return character === undefined || /\s/.test(character)
}
