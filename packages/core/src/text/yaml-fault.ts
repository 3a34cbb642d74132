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
  [/^BLOCK_AS_IMPLICIT_KEY/, 'key'],
  [/^BAD_SCALAR_START/, 'start'],
  [/^BAD_DQ_ESCAPE/, 'escape'],
  [/^KEY_OVER_1024_CHARS/, 'long-key'],
  [/^TAB_AS_INDENT/, 'tab'],
  [/^BAD_INDENT/, 'indent'],
]

export function yamlFault(code: string, message: string, text: string, at: number): Diagnostic {
  const word = wordAt(text, at)
  const line = `${code} ${message}`
  const fault = bracesInText.test(word)
    ? 'braces'
    : (faults.find(([library]) => library.test(line))?.[1] ?? 'unexpected')
  return diagnose('syntax', '', [yamlSentence(fault, word)])
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
  return word.startsWith('[') ? word.replace(/^\[+/, '').replace(/\]$/, '') : word
}

function isBlank(character: string | undefined): boolean {
  return character === undefined || /\s/.test(character)
}
