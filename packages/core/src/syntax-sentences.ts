/** The sentences of the code `syntax`: what is wrong with a text before it is a document. */
import { quote } from './quote.js'

export type TokenWanted = 'value' | 'key' | 'colon' | 'comma'

const tokens: Readonly<Record<TokenWanted, string>> = {
  value: 'a value',
  key: 'a key in double quotes',
  colon: '`:`',
  comma: '`,`',
}

/** `found` is what stands there instead; empty at the end of the text. */
export function wantedSentence(wanted: TokenWanted, found: string): string {
  if (found === '') return `${tokens[wanted]} is missing at the end of the text; add it`
  if (found.startsWith("'")) return `${quote(found)} is not JSON; use double quotes`
  const word = /^[A-Za-z_$][\w$.-]*$/.test(found)
  if (word && wanted === 'key') return `${quote(found)} is not JSON; write ${quote(JSON.stringify(found))}`
  if (word && wanted === 'value') return `${quote(found)} is not JSON; put text in double quotes`
  return `${tokens[wanted]} is missing before ${quote(found)}; add it`
}

export type TokenFault = 'comment' | 'string' | 'number' | 'unicode' | 'escape' | 'character'

const tokenFaults: Readonly<Record<TokenFault, string>> = {
  comment: 'the comment is not closed; end it with `*/`',
  string: 'the text is not closed on its line; end it with `"`',
  number: 'the number is not complete; write its digits',
  unicode: '`\\u` is not followed by four hexadecimal digits; add them',
  escape: 'the text has a backslash before a character that needs none; write `\\\\` for a backslash',
  character: 'the text has a control character; remove it, or write it as `\\u` and four digits',
}

export function tokenSentence(fault: TokenFault): string {
  return tokenFaults[fault]
}

export function unclosedSentence(opener: string): string {
  return `${quote(opener)} is not closed; add ${quote(opener === '{' ? '}' : ']')}`
}

export function unexpectedSentence(found: string): string {
  return `${quote(found)} stands where nothing is left to ${found === ',' ? 'separate' : 'close'}; remove it`
}

export function trailingSentence(found: string): string {
  return `${quote(found)} stands after the end of the document; remove it`
}

export function emptySentence(document: 'policy' | 'suite'): string {
  return document === 'policy'
    ? 'the text is empty; a policy has at least `version` and `rules`'
    : 'the text is empty; a suite has at least `version`'
}

export function notTextSentence(type: string): string {
  return `what was handed in is no text (${type}); hand in a string`
}

export function characterSentence(code: number): string {
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
  const fault =
    code < 0x20 ? `the control character ${name} may not stand in a document` : `${name} is half a character`
  return `${fault}; ${code < 0x20 ? 'remove it' : 'save the file as UTF-8'}`
}

export function furtherSentence(): string {
  return 'the text has more faults than are listed; correct these first'
}

export type YamlFault =
  | 'braces'
  | 'bracket'
  | 'colon'
  | 'comma'
  | 'comment'
  | 'dash'
  | 'escape'
  | 'indent'
  | 'key'
  | 'list'
  | 'long-key'
  | 'quote'
  | 'start'
  | 'tab'
  | 'unexpected'

const yamlFaults: Readonly<Record<YamlFault, (word: string) => string>> = {
  braces: (word) => `${quote(word)} has brackets, which YAML takes for a list or a mapping; ${quoting(word)}`,
  bracket: () => 'a `[` or `{` is not closed; close it',
  colon: (word) => `${quote(word)} is neither a key nor an item; is a \`: \` missing after it, or a \`- \` before it?`,
  comma: (word) => `\`,\` is missing before ${quote(word)}; add it, or quote text that goes on`,
  comment: () => 'a space is missing before `#`; add it, or quote the text that has it',
  dash: (word) =>
    `a blank is missing after the \`-\` of ${quote(word)}; write ${quote(word.replace(/^-/, '- '))}, or quote it if it is text`,
  escape: () => 'the text has an escape that YAML does not know; write `\\\\` for a backslash, or use single quotes',
  indent: () => 'the indentation fits no line above; align it',
  key: (word) =>
    `${quote(word)} is a key behind another one; give it a line of its own, or quote the text that has \`: \``,
  list: () => 'a list begins on the line of its key; begin it on the next',
  'long-key': () => 'a key is longer than 1024 characters; shorten it',
  quote: () => 'the quoted text that begins here is not closed; end it with the quote it began with',
  start: (word) => `${quote(word)} begins with a character that YAML keeps for itself; ${quoting(word)}`,
  tab: () => 'a tab stands where YAML wants spaces; indent with spaces',
  unexpected: (word) =>
    word === ''
      ? 'the text ends too early; complete it'
      : `${quote(word)} is not expected here; quote it if it is text, or correct what is before it`,
}

function quoting(word: string): string {
  return /["\\]/.test(word) ? 'quote it' : `quote it: ${quote(`"${word}"`)}`
}

/** `word` is what stands at the place of the fault. */
export function yamlSentence(fault: YamlFault, word: string): string {
  return yamlFaults[fault](word)
}

export function bracesSentence(found: string): string {
  return `${quote(found)} is a mapping in YAML; quote the text that has the braces`
}

export function keySentence(): string {
  return 'a key must be text on one line; write one'
}

export function directiveSentence(found: string): string {
  return `${quote(found)} is a directive, and only plain YAML 1.2 is read; remove it`
}

export function severalDocumentsSentence(): string {
  return 'the text has a second document; give it a file of its own'
}

export function aliasSentence(found: string): string {
  return `${quote(found)} is ${found.startsWith('&') ? 'an anchor' : 'an alias'} in YAML, which may not stand here; if it is text, ${quoting(found)}`
}

export function tagSentence(found: string): string {
  return `${quote(found)} is a tag in YAML, which may not stand here; if it is text, ${quoting(found)}`
}
