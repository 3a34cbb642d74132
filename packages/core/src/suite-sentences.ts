/** What is said of suites: the sentences of their codes, and the words in which a fault of their shape is told. */
import { quote } from './quote.js'
import { nameOf, type ShapeWords } from './shape-sentences.js'

export const suiteWords: ShapeWords = {
  document: 'suite',
  groups: 'external',
  wanted: {
    'array,string': 'a list of names, or text',
    'string,boolean': 'the id of a rule, or false',
    'string,null': 'text, or null where the header must not be there',
  },
  additions: {
    version: 'add `"version": 1`',
    name: 'say in a few words what is tested',
    origins: 'list the origins that it is about',
    paths: 'list the paths that it is about',
    methods: 'list the methods that it is about',
    allow: 'add it, if only as `"allow": []`, where all must be refused',
    expect: 'say what must come of it',
    from: 'name the origin of the page',
  },
  emptyObjects: {
    expect: 'so any decision would do; say what must come of it',
    headers: 'so any headers would do; name one, or leave it out',
  },
}

const several: Readonly<Record<'origin' | 'path' | 'method', string>> = {
  origin: 'write an origin such as `https://shop.example.com`',
  path: 'write a path that it matches; one with this very character goes under `url`',
  method: 'write the methods',
}

export const suiteSentences = {
  'duplicate-name': (name: string, first: string): string =>
    `${quote(name)} is already the name of the test at ${first}; choose another`,
  'not-concrete': (text: string, what: 'origin' | 'path' | 'method'): string =>
    `${quote(text)} stands for several ${what}s, and a test is about one; ${several[what]}`,
  'path-not-canonical': (text: string, fix: string | undefined): string =>
    `${quote(text)} is not a path as a router sees it; ${fix === undefined ? '' : `write ${quote(fix)}, or `}put it under \`url\` as it is`,
  'unknown-cell': (text: string, list: string, near: string | undefined): string =>
    `${quote(text)} is not among the ${quote(list)} of the matrix; ${near === undefined ? 'add it there' : `did you mean ${quote(near)}?`}`,
} as const

/** For the code `schema`: of two keys, one must be there. */
export function alternativeSentence(at: string, keys: readonly [string, string], both: boolean): string {
  const [a, b] = keys.map(quote)
  return `${nameOf(at, suiteWords)} must have one of ${a} and ${b}, and has ${both ? 'both' : 'none'}`
}

/** For the code `schema`: what can be expected of a request cannot be expected of a fetch, and the reverse. */
export function misplacedSentence(key: string, subject: 'request' | 'fetch', instead: string | undefined): string {
  const other = subject === 'request' ? 'fetch' : 'request'
  return `${quote(key)} is expected of a ${other}, and this case is a ${subject}; ${instead === undefined ? 'remove it' : `write ${quote(instead)}`}`
}

export function ruleSentence(at: string): string {
  return `${nameOf(at, suiteWords)} must be the id of a rule, or false, not \`true\``
}

export function urlSentence(text: string): string {
  return `${quote(text)} is not an absolute URL of http or https, its host in ASCII; write one, or a \`path\``
}
