/**
 * Every code with its sentence: lower case, one line, what the user wrote in backticks, the cure after the fault. No
 * sentence is made anywhere else.
 */
import { lintSentences } from './lint-sentences.js'
import type { OriginFault } from './pattern/origin-pattern.js'
import type { PathFault } from './pattern/path-pattern.js'
import { quote } from './quote.js'
import { suiteSentences } from './suite-sentences.js'
import { aliasSentence, tagSentence } from './syntax-sentences.js'

/** Behind a sentence: what was probably meant. */
function write(fix: string | undefined, otherwise: string): string {
  return fix === undefined ? otherwise : `write ${quote(fix)}`
}

function didYouMean(near: string | undefined, otherwise: string): string {
  return near === undefined ? `; ${otherwise}` : `; did you mean ${quote(near)}?`
}

const originFaults: Readonly<Record<OriginFault, string>> = {
  'too-long': 'has more than 2048 characters',
  null: 'is the origin of every sandboxed frame',
  'opaque-scheme': 'has no origin that a browser would send but `null`',
  'no-scheme': 'has no scheme',
  scheme: 'does not begin with a scheme in lower case',
  'scheme-braces': 'has braces in its scheme other than `{http,https}`',
  'not-an-origin': 'is more than scheme, host and port',
  'several-origins': 'is several origins in one string',
  'two-stars': 'has two `*` in one label',
  'globstar-in-label': 'has `**` beside other characters in one label',
  'globstar-not-leftmost': 'has `**` that is not its leftmost label',
  'wildcard-over-ip': 'has a wildcard in an IP address, and wildcards never match one',
  port: 'has no port from 1 to 65535',
  'default-port': 'spells out the default port, which browsers leave out',
  group: 'is a group, whose name begins with `@` where origins are listed',
  'not-exact': 'is not one origin as a browser sends it, and an external group holds nothing else',
  'host-empty': 'has no host',
  'host-character': 'has a character that no host in a policy may hold',
  'label-empty': 'has an empty label',
  'label-too-long': 'has a label of more than 63 characters',
  'host-too-long': 'has a host of more than 253 characters',
  'host-not-serialized': 'is not written as browsers serialize it',
  'ip-not-canonical': 'has an IP address that browsers write otherwise',
  'ip-invalid': 'has a host that reads as an IP address and is none',
  'a-label-invalid': 'has an `xn--` label that is no A-label',
  'brace-unclosed': 'has `{` without `}` in the same label',
  'brace-unopened': 'has `}` without `{`',
  'brace-nested': 'has braces in braces',
  'brace-empty-alternative': 'has an empty alternative in braces',
  'brace-single-alternative': 'has braces around a single alternative',
  'brace-star': 'has `*` in braces',
  'brace-range': 'has `..` in braces',
  'too-many-expansions': 'has more than 64 alternatives',
}

const originCures: Partial<Readonly<Record<OriginFault, string>>> = {
  'opaque-scheme': 'serve the page from an origin of its own',
  'too-long': 'split it',
  'no-scheme': 'begin with `https://`',
  scheme: 'begin with `https://`',
  'several-origins': 'make each an entry of its own',
  'two-stars': 'use one `*` a label',
  'globstar-in-label': 'use `**` as the whole leftmost label',
  'globstar-not-leftmost': 'use `**` as the leftmost label, `*` elsewhere',
  'wildcard-over-ip': 'list the addresses',
  port: 'write a number, `{3000,3001}` or `*`',
  'default-port': 'leave the port out',
  'host-character': 'use letters, digits, `-`, `_` and `*`; regular expressions are not understood',
  'too-many-expansions': 'split it',
}

const pathFaults: Readonly<Record<PathFault, string>> = {
  'too-long': originFaults['too-long'],
  'no-leading-slash': 'does not start with `/`',
  character: 'has a character that no path glob may hold',
  'two-stars': 'has two `*` in one segment',
  'globstar-in-segment': 'has `**` beside other characters in one segment',
  'dot-segment': 'has a dot segment, and no canonical path has one',
  'route-parameter': 'has a route parameter',
  escape: 'has an escape that no canonical path holds',
  'brace-unclosed': 'has `{` without `}` in the same segment',
  'brace-unopened': originFaults['brace-unopened'],
  'brace-nested': originFaults['brace-nested'],
  'brace-empty-alternative': originFaults['brace-empty-alternative'],
  'brace-single-alternative': originFaults['brace-single-alternative'],
  'brace-star': originFaults['brace-star'],
  'brace-range': originFaults['brace-range'],
  'too-many-expansions': originFaults['too-many-expansions'],
}

const pathCures: Partial<Readonly<Record<PathFault, string>>> = {
  'too-long': 'use `*` or `**`',
  character: 'use `*`, `**` and `{a,b}`; other patterns are not understood',
  'two-stars': 'use one `*` a segment',
  'globstar-in-segment': 'use `**` as a whole segment',
  'dot-segment': 'write the path that it leads to',
  'route-parameter': 'use `*`',
  escape: 'write the character itself, or let `*` stand for it',
  'too-many-expansions': 'split it',
}

/** The character at an index, in words: the whole code point. */
function characterAt(text: string, at: number): string {
  const point = text.codePointAt(at)
  return point === undefined ? 'its end' : quote(String.fromCodePoint(point))
}

const errorSentences = {
  // The text (`parsePolicy`).
  syntax: (fault: string): string => fault,
  'yaml-alias': (found: string): string => aliasSentence(found),
  'yaml-tag': (found: string): string => tagSentence(found),
  'text-too-large': (limit: string): string => `the text is larger than ${limit}; split the document`,
  'text-too-deep': (levels: number): string =>
    `nesting is deeper than ${levels} levels; a document needs no more than 8`,

  // The shape (JSON Schema).
  schema: (fault: string): string => fault,
  'unknown-key': (key: string, near: string | undefined, home?: string, isWrapping = false): string => {
    const moved = isWrapping ? 'what is in it' : 'it'
    return `unknown key ${quote(key)}${didYouMean(near, home === undefined ? 'remove it' : `move ${moved} to ${home}`)}`
  },
  'duplicate-key': (key: string): string => `key ${quote(key)} stands twice in one object; keep one`,

  // Origins.
  'invalid-origin': (text: string, fault: OriginFault, at: number, fix: string | undefined): string =>
    `${quote(text)} ${originFaults[fault]}${fault === 'group' ? '' : ` (character ${at + 1}, ${characterAt(text, at)})`}; ${write(fix, originCures[fault] ?? 'correct it')}`,
  'null-origin': (text: string): string =>
    `${quote(text)} would let in every sandboxed frame and local file; serve the page from an origin of its own, or use \`*\` without credentials`,
  'any-origin-with-credentials': (text: string): string =>
    `${quote(text)} can be satisfied by any site, and the grant shares credentials; list the origins, or drop credentials`,
  'insecure-origin': (text: string): string =>
    `${quote(text)} is not encrypted, so anybody on the network can speak for it; use \`https\`, or accept it with a reason`,
  'public-suffix': (text: string, suffix: string): string =>
    `${quote(text)} has a wildcard directly under ${suffix === '' ? 'the root of all domains' : `the public suffix ${quote(suffix)}`}, where anybody can register; name the domain`,
  // Of a group to be supplied: what the policy has by this name.
  'unknown-group': (name: string, near: string | undefined, supplied?: 'nothing' | 'listed'): string =>
    supplied !== undefined
      ? `${supplied === 'listed' ? `group ${quote(name)} is not external: the policy lists its origins` : `the policy has no external group ${quote(name)}`}${didYouMean(near, 'remove it')}`
      : `group ${quote(name)} is not defined under \`origins\`${didYouMean(near, 'define it')}`,
  'duplicate-origin': (text: string, other: string, first: string): string =>
    `${quote(text)} means the same origins as ${quote(other)} at ${first}, in another grant of this rule; keep one`,
  'ambiguous-origins': (origin: string, a: string, b: string, settle: readonly string[]): string =>
    `${quote(origin)} matches ${quote(a)} and ${quote(b)} in two grants of this rule, and neither is more specific; ${settling(settle)}`,

  // Paths.
  'invalid-path': (text: string, fault: PathFault, at: number, fix: string | undefined): string =>
    `${quote(text)} ${pathFaults[fault]} (character ${at + 1}, ${characterAt(text, at)}); ${write(fix, pathCures[fault] ?? 'correct it')}`,
  'duplicate-path': (text: string, other: string, rule: string): string =>
    `${quote(text)} means the same paths as ${quote(other)} of rule ${quote(rule)}; keep one`,
  'ambiguous-paths': (
    path: string,
    a: string,
    ruleA: string,
    b: string,
    ruleB: string,
    settle: readonly string[],
  ): string =>
    `${quote(path)} matches ${quote(a)} of rule ${quote(ruleA)} and ${quote(b)} of rule ${quote(ruleB)}, and neither is more specific; ${settling(settle)}`,
  'duplicate-id': (id: string, first: string): string => `id ${quote(id)} is already used at ${first}; choose another`,
  'pattern-too-complex': (text: string, why: string): string => `${quote(text)} ${why}`,

  // Methods, headers, caching.
  'invalid-method': (text: string, isSeveral = false): string => {
    if (text === '*') return '`*` stands beside other methods; write `["*"]` alone'
    if (isSeveral) return `${quote(text)} is several methods in one string; make each an entry of its own`
    return `${quote(text)} is not a method (RFC 9110, section 9.1); correct it`
  },
  'forbidden-method': (text: string): string =>
    `${quote(text)} is forbidden to scripts, so no browser ever sends it; remove it`,
  'method-case': (text: string, meant: string): string =>
    `${quote(text)} is not ${quote(meant)}, since methods are case-sensitive; write ${quote(meant)}`,
  'invalid-header-name': (text: string, isSeveral = false): string => {
    if (text === '*') return '`*` stands beside other names; write `["*"]` alone'
    if (isSeveral) return `${quote(text)} is several names in one string; make each an entry of its own`
    return `${quote(text)} is not a header name (RFC 9110, section 5.1); correct it`
  },
  'forbidden-request-header': (name: string, response: boolean): string =>
    response
      ? `${quote(name)} is a response header, which no request carries; remove it`
      : `${quote(name)} is set by browsers alone, so no preflight asks for it; remove it`,
  'forbidden-response-header': (name: string, request: boolean): string =>
    request
      ? `${quote(name)} is not a header of the application's response; remove it`
      : `${quote(name)} is never shown to scripts; remove it`,
  'expose-wildcard-with-credentials': (): string =>
    '`*` is a literal name to a browser where the grant shares credentials; list the headers',
  // Promises (`prove`).
  'invariant-violated': (
    id: string,
    because: string | undefined,
    broken:
      | {
          readonly origin?: string
          readonly path: string | undefined
          readonly method: string
          readonly requestMethod?: string
          readonly servedMethods?: readonly string[]
          readonly ruleId: string
          readonly credentials: boolean
        }
      | undefined,
  ): string =>
    `invariant ${quote(id)}${because === undefined ? '' : ` (${quote(because)})`} ${
      broken === undefined
        ? 'cannot be proved: the globs combine in too many ways; make them plainer'
        : `is broken: rule ${quote(broken.ruleId)} allows ${quote(`${broken.requestMethod ?? broken.method} ${broken.path ?? ''}`)} from ${quote(broken.origin ?? '')}${broken.credentials ? ' with credentials' : ''}${broken.servedMethods === undefined ? '' : ', if the router serves it'}; narrow the rule`
    }`,

  'max-age-range': (value: number | string, fault: 'range' | 'form', fix: string | undefined): string => {
    const written = quote(typeof value === 'string' && fault === 'form' ? `"${value}"` : String(value))
    const cure = write(fix, 'write seconds up to 86400, or `"10m"`, `"2h"`, `"1d"`')
    if (fault === 'range') return `${written} is not from 0 to one day; ${cure}`
    if (fix !== undefined && fix === value) return `${written} is text, and seconds are a number; ${cure}`
    return `${written} is neither whole seconds nor a form such as \`"10m"\`; ${cure}`
  },
} as const

/** The one table: errors of policies, the warnings and infos of `lint`, errors of suites. */
export const sentences: typeof errorSentences & typeof lintSentences & typeof suiteSentences = {
  ...errorSentences,
  ...lintSentences,
  ...suiteSentences,
}

function settling(globs: readonly string[]): string {
  if (globs.length === 0) return 'no glob says where they overlap; narrow one of them'
  return `add ${globs.map(quote).join(' and ')} to one of them`
}
