/** The sentences of the code `schema`: what is wrong with the shape of a document, one function a kind of fault. */
import type { DataFault, DataFaultKind } from './policy/plain-data.js'
import { quote } from './quote.js'

const dataFaults: Readonly<Record<DataFaultKind, (type: string, document: string) => string>> = {
  'not-data': (type) =>
    `is a value that JSON does not have (${type}); write text, a number, true, false, a list or an object`,
  'not-plain': () => 'is an object of some class; hand in a plain object',
  'not-finite': () => 'is not a finite number; write one',
  hole: () => 'is missing from its list; remove the hole',
  cycle: () => 'holds itself; hand in plain data',
  'too-deep': (_, document) => `is nested deeper than 64 levels; a ${document} needs no more than 8`,
  'too-many': (_, document) => `is beyond the 4 million values that a ${document} may have; split the ${document}`,
  unreadable: () => 'cannot be read, since reading it throws; hand in plain data',
}

/** What the sentences about a kind of document say otherwise than those about another. */
export interface ShapeWords {
  /** What the document is. */
  readonly document: 'policy' | 'suite'
  /** The key whose members are named groups. */
  readonly groups: string
  /** What is wanted, by the schema's types, joined with commas. */
  readonly wanted: Readonly<Record<string, string>>
  /** What to add where a key is missing. */
  readonly additions: Readonly<Record<string, string>>
  /** What an empty object under a key means. */
  readonly emptyObjects: Readonly<Record<string, string>>
}

export function dataSentence(fault: DataFault, words: ShapeWords = policyWords): string {
  return `${nameOf(fault.pointer, words)} ${dataFaults[fault.kind](fault.type, words.document)}`
}

const wanted: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  integer: 'a whole number',
  array: 'a list',
  object: 'an object',
}

/** `types` are the schema's, joined with commas. */
export function typeSentence(
  at: string,
  types: string,
  value: unknown,
  cure: string | undefined,
  words: ShapeWords = policyWords,
): string {
  const ending = cure === undefined ? '' : `; write ${quote(cure)}`
  return `${nameOf(at, words)} must be ${wanted[types] ?? words.wanted[types] ?? types}, not ${described(value)}${ending}`
}

const policyAdditions: Readonly<Record<string, string>> = {
  version: 'add `"version": 1`',
  rules: 'add it, if only as `"rules": []`, which allows nobody anything',
  id: 'add a name in kebab-case',
  paths: 'add it, if only as `"paths": []`, where routes alone name the rule',
  allow: 'add it, if only as `"allow": []`, which allows nobody',
  origins: 'say who may',
  external: 'write `{ "external": true }`, or a list of origins',
  code: 'name the diagnostic',
  because: 'say why',
  never: 'say what is never to be allowed',
}

export const policyWords: ShapeWords = {
  document: 'policy',
  groups: 'origins',
  wanted: {
    'array,object': 'a list of origins, or `{ "external": true }`',
    'array,string': 'a list of methods, or `served`',
    'number,string': 'seconds, or text such as `"10m"`',
  },
  additions: policyAdditions,
  emptyObjects: { never: 'so every request would meet it; say which are never to be allowed' },
}

export function missingSentence(at: string, key: string, words: ShapeWords = policyWords): string {
  return `${nameOf(at, words)} has no ${quote(key)}; ${words.additions[key] ?? 'add it'}`
}

export function constantSentence(at: string, allowed: unknown, value: unknown): string {
  return `${nameOf(at)} must be ${quote(JSON.stringify(allowed))}, not ${described(value)}`
}

export function rangeSentence(at: string, side: 'at least' | 'at most', limit: number, value: unknown): string {
  return `${nameOf(at)} must be ${side} ${limit}, not ${described(value)}`
}

const emptyLists: Readonly<Record<string, string>> = {
  origins: 'so the grant allows nobody; list origins, or remove the grant',
  methods: 'so the grant allows nothing; list methods, or leave it out for GET, HEAD and POST',
}

export function emptyListSentence(at: string, inGrant: boolean): string {
  const cure = inGrant ? emptyLists[tokensOf(at).at(-1) ?? ''] : undefined
  return `${nameOf(at)} is empty, ${cure ?? 'so nothing meets it; list something, or leave it out'}`
}

export function emptyObjectSentence(at: string, words: ShapeWords = policyWords): string {
  return `${nameOf(at)} has no field, ${words.emptyObjects[tokensOf(at).at(-1) ?? ''] ?? 'so it says nothing; add one'}`
}

export function repeatSentence(at: string, item: unknown): string {
  return `${described(item)} stands twice in ${nameOf(at)}; keep one`
}

export function kebabSentence(at: string, value: unknown, cure: string | undefined): string {
  return `${nameOf(at)} must be kebab-case, not ${described(value)}; write ${cure === undefined ? 'a name such as `public-fonts`' : quote(cure)}`
}

export function emptyTextSentence(at: string): string {
  return `${nameOf(at)} says nothing; ${at.endsWith('/name') ? 'say what is tested' : 'give the reason'}`
}

export function dateSentence(at: string, value: unknown): string {
  return `${nameOf(at)} must be a date such as \`2027-01-31\`, not ${described(value)}`
}

export function groupNameSentence(name: string): string {
  return `${quote(name)} is no name for a group; use letters, digits, \`-\`, \`_\` and \`.\`, a letter or digit first`
}

export function waiverSentence(code: unknown, exists: boolean, near: string | undefined): string {
  if (exists) return `${described(code)} cannot be waived; correct what it is about`
  return `${described(code)} is no code that can be waived; ${near === undefined ? 'remove it' : `did you mean ${quote(near)}?`}`
}

export function choiceSentence(
  at: string,
  value: unknown,
  choices: readonly unknown[],
  near: string | undefined,
): string {
  const list = choices.map((choice) => quote(String(choice))).join(', ')
  return `${nameOf(at)} must be one of ${list}, not ${described(value)}${near === undefined ? '' : `; did you mean ${quote(near)}?`}`
}

/** For a keyword that is new to the schema and has no sentence yet. */
export function otherSentence(at: string, keyword: string, value: unknown): string {
  return `${nameOf(at)} is not as the schema says (${keyword}): it is ${described(value)}`
}

export function restSentence(count: number, atLeast: boolean): string {
  return `${atLeast ? 'at least ' : ''}${count} more faults of shape are not listed; correct these first`
}

/** What stands at a place, as a reader names it. */
export function nameOf(
  at: string,
  { document, groups }: Pick<ShapeWords, 'document' | 'groups'> = policyWords,
): string {
  const tokens = tokensOf(at)
  const [last = '', before = ''] = [tokens.at(-1), tokens.at(-2)]
  if (tokens.length === 0) return `the ${document}`
  if (tokens.length === 2 && tokens[0] === groups) return `group ${quote(last)}`
  if (!/^[0-9]+$/.test(last)) return quote(last)
  const list = tokens.length === 3 && tokens[0] === groups ? `group ${quote(before)}` : quote(before)
  return `item ${Number(last) + 1} of ${list}`
}

function tokensOf(at: string): string[] {
  return at
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function described(value: unknown): string {
  if (typeof value === 'string') return `the text ${quote(`"${value}"`)}`
  if (typeof value === 'number') return `the number ${quote(String(value))}`
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' && value !== null ? 'an object' : quote(String(value))
}
