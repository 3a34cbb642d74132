/** Request targets that are meant to move a request from one route to another, or from one rule to another. */
import fc from 'fast-check'

const { array, constantFrom, nat, oneof, tuple } = fc

/** What is done to a path that some route or rule knows. `die` chooses where, and how. */
type Twist = (path: string, die: number) => string

const pick = <T>(choices: readonly T[], die: number): T => choices[die % choices.length] as T

const hex = (character: string, die: number): string => {
  const escape = [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  return die % 2 === 0 ? escape.toUpperCase() : escape
}

/** Puts a text into the path behind its first slash, at a place that the die chooses. */
const insert = (path: string, text: string, die: number): string => {
  const at = 1 + (die % path.length)
  return path.slice(0, at) + text + path.slice(at)
}

/** Puts segments into the path. */
const step = (path: string, text: string, die: number): string => {
  const segments = path.split('/')
  const at = 1 + (die % segments.length)
  return [...segments.slice(0, at), text, ...segments.slice(at)].join('/')
}

/** Escapes some characters of the path, not the first. */
const escaped = (path: string, die: number): string => {
  const every = 1 + (die % 3)
  return path[0] + [...path.slice(1)].map((each, i) => ((i + die) % every === 0 ? hex(each, die + i) : each)).join('')
}

const authorities = ['http://h.example', 'HTTP://H.example', 'https://other.example', 'http://h.example:80']
const oddAuthorities = [
  'http://u@h.example',
  'http://[::1]',
  'ftp://h.example',
  'http://',
  'http:',
  'http://h.example\\',
]
const tails = ['?', '?x=/../%zz', '??', '?a#b', '?%3F', '?/a/b', '?;', '?x=%00']
const fragments = ['#', '#/a/b', '#?', '#/../a', '%23', '%3F', '%3f/b', '#;a']

const twists = {
  plain: (path) => path,
  encoded: escaped,
  'encoded twice': (path, die) => escaped(path, die).replaceAll('%', '%25'),
  'absolute form': (path, die) =>
    pick([...authorities, ...authorities, ...oddAuthorities], die) +
    pick([path, path, path, path.slice(1), `${path}#a`], die >> 3),
  'dot segments': (path, die) =>
    step(path, pick(['.', '..', '%2e', '%2E%2e', '.%2e', '..;', 'x/..', '..%2f', '..\\'], die), die >> 3),
  'doubled slashes': (path, die) =>
    pick(
      [`/${path}`, `${path}/`, `${path}//`, path.replaceAll('/', '//'), step(path, '', die >> 2), `///${path}`],
      die,
    ),
  semicolons: (path, die) => insert(path, pick([';', ';x', ';/', '%3B', ';x=/b', ';?'], die), die >> 3),
  queries: (path, die) => insert(path, pick(tails, die), (die >> 3) % 2 === 0 ? path.length : die >> 4),
  fragments: (path, die) => insert(path, pick(fragments, die), (die >> 3) % 2 === 0 ? path.length : die >> 4),
  long: (path, die) =>
    insert(
      path,
      pick(
        ['x'.repeat(101), '%41'.repeat(50), '%41'.repeat(101), '/b'.repeat(700), 'y'.repeat(3_000), '1'.repeat(11)],
        die,
      ),
      die >> 3,
    ),
  'bad escapes': (path, die) =>
    insert(path, pick(['%', '%zz', '%ff', '%C3', '%E2%82', '%c0%af', '%%', '%u002f'], die), die >> 3),
  'NUL and backslash': (path, die) => insert(path, pick(['%00', '\\', '%5c', '%5C', '/\\', '\\..\\'], die), die >> 3),
  'beyond ASCII': (path, die) =>
    insert(
      path,
      pick(['%C3%A9', '%c3%89', '%E2%84%AA', '%C4%B0', '\u00c3\u00a9', '%F0%9F%98%80', '%e2%80%a8'], die),
      die >> 3,
    ),
  case: (path, die) =>
    [...path].map((each, i) => ((die >> (i % 5)) % 2 === 0 ? each.toUpperCase() : each.toLowerCase())).join(''),
  'escaped delimiters': (path, die) =>
    path[0] + path.slice(1).replace(/[/;.]/g, (each) => hex(each, die)) + pick(['', '%2F', '%2f', '/%2F'], die),
  'no path': (path, die) => pick(['*', '*a', path.slice(1) || '*', '?', `*${path}`, '#', ';', '%2F'], die),
} as const satisfies Record<string, Twist>

export type Kind = keyof typeof twists | 'two at once'

export const kinds: readonly Kind[] = [...(Object.keys(twists) as (keyof typeof twists)[]), 'two at once']

export interface Target {
  readonly kind: Kind
  readonly text: string
}

/** A target to be, before the path is known that it is made of. */
export interface Draft {
  /** Which route or glob it is made of. */
  readonly base: number
  /** For its parameters and wildcards, from the last on. */
  readonly pieces: readonly string[]
  readonly kind: Kind
  readonly die: number
  readonly second: Exclude<Kind, 'two at once'>
}

const piece = oneof(
  { weight: 6, arbitrary: constantFrom('a', 'b', 'A', '1', '1', '7', 'a.b', 'a-b', 'k', '') },
  { weight: 1, arbitrary: constantFrom('12345678901', 'a/b', '%61', '%2F', '..', ';', '%25', '\u00e9') },
)
const single = constantFrom(...(Object.keys(twists) as (keyof typeof twists)[]))

export const draft: fc.Arbitrary<Draft> = tuple(
  nat(59),
  array(piece, { minLength: 3, maxLength: 3 }),
  oneof({ weight: 16, arbitrary: single }, { weight: 2, arbitrary: fc.constant('two at once' as const) }),
  nat(0xffff),
  single,
).map(([base, pieces, kind, die, second]) => ({ base, pieces, kind, die, second }))

/** `patterns`: of routes (`/a/:id`, `/a/*`) and of rules (globs). */
export function targetOf({ base, pieces, kind, die, second }: Draft, patterns: readonly string[]): Target {
  const rest = [...pieces]
  const path = (patterns[base % patterns.length] ?? '/').replace(/:\w+(\([^)]*\))?\??|\*\*?/g, () => rest.pop() ?? '1')
  const start = path.startsWith('/') ? path : `/${path}`
  const text = kind === 'two at once' ? twists.semicolons(twists[second](start, die), die) : twists[kind](start, die)
  // Neither a blank nor a line's end: either ends the target, and the rest of the line is another matter.
  return { kind, text: text.replace(/[\s]/g, '') }
}
