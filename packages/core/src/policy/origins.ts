/** The `origins` of grants and groups: every glob is read, judged by what its grant shares, and sorted by kind. */
import { type Diagnostic, diagnose, pointer } from '../diagnostic.js'
import { isLoopbackGlob, isLoopbackHost } from '../pattern/host.js'
import { type ExactOrigin, isPlainOrigin, type OriginPattern, parseOriginPattern } from '../pattern/origin-pattern.js'
import { wildcardReach } from '../pattern/reach.js'
import { nearOneOf } from './near-key.js'
import { field, fieldsOf, textsOf } from './read.js'

/** The origins of one grant, sorted by kind. Places are JSON Pointers. */
export interface GrantOrigins {
  /** Where `"*"` stands. */
  readonly anyone: string | undefined
  /** Repeats included. There may be very many, so that their places are looked up when needed (`placeOf`). */
  readonly exact: readonly string[]
  readonly patterns: readonly { readonly pattern: OriginPattern; readonly at: string }[]
  /** Names of external groups. */
  readonly external: readonly string[]
}

/** What bears on the judgement of an origin. */
export interface Sharing {
  readonly credentials: boolean
  readonly accepts: (code: string) => boolean
}

/** Where a glob of a grant stands: in the grant itself, or in a group. */
interface Entry {
  readonly text: string
  readonly at: string
}

/** Reads the origins of a grant; whatever is wrong with them is added to `found`. */
export function readOrigins(
  document: unknown,
  origins: unknown,
  at: string,
  sharing: Sharing,
  found: Diagnostic[],
): GrantOrigins {
  const groups = fieldsOf(field(document, 'origins'))
  const exact: string[] = []
  const patterns: { pattern: OriginPattern; at: string }[] = []
  const external: string[] = []
  let anyone: string | undefined
  for (const [i, text] of textsOf(origins)) {
    if (isPlainHttps(text)) exact.push(text)
    else if (text === '*') {
      anyone ??= `${at}/${i}`
      if (sharing.credentials) found.push(anyoneWithCredentials(`${at}/${i}`))
    } else if (text.startsWith('@')) {
      const name = text.slice(1)
      const group = Object.hasOwn(groups, name) ? groups[name] : undefined
      if (group === undefined)
        found.push(
          diagnose('unknown-group', `${at}/${i}`, [name, nearOneOf(name, () => Object.keys(groups), found.length)]),
        )
      else if (!Array.isArray(group)) external.push(name)
      else for (const [j, member] of textsOf(group)) take(member, pointer('origins', name), j)
    } else if (Object.hasOwn(groups, text)) {
      const fix = `@${text}`
      found.push(diagnose('invalid-origin', `${at}/${i}`, [text, 'group', 0, fix], { fix }))
    } else take(text, at, i)
  }
  return { anyone, exact, patterns, external }

  function take(text: string, list: string, index: number): void {
    if (isPlainHttps(text)) {
      exact.push(text)
      return
    }
    const entry = { text, at: `${list}/${index}` }
    const origin = readOrigin(entry, found)
    if (origin === undefined) return
    found.push(...judge(origin, entry.at, sharing))
    if (origin.kind === 'exact') exact.push(origin.text)
    else patterns.push({ pattern: origin, at: entry.at })
  }
}

/** An exact origin of which there is nothing to say. */
function isPlainHttps(text: string): boolean {
  return text.startsWith('https:') && isPlainOrigin(text)
}

/** An origin that a program supplies: judged like those of a document, and exact, without braces around equal alternatives. */
export function checkSupplied(
  text: unknown,
  group: string,
  index: number,
  sharing: Sharing,
  found: Diagnostic[],
): void {
  const words = typeof text === 'string' ? text : typeof text
  const isText = words === text
  if (isText && isPlainHttps(words)) return
  const at = pointer('origins', group, index)
  const origin = isText ? readOrigin({ text: words, at }, found) : undefined
  if (origin !== undefined) found.push(...judge(origin, at, sharing))
  const isOdd = !isText || origin?.kind === 'pattern' || words.includes('{')
  if (isOdd) found.push(diagnose('invalid-origin', at, [words, 'not-exact', 0, undefined]))
}

function anyoneWithCredentials(at: string): Diagnostic {
  return diagnose('any-origin-with-credentials', at, ['*'], { witness: { origin: 'https://evil.example' } })
}

/** Where an origin stands among the origins of a grant: in their list, or in a group that the list names. */
export function placeOf(text: string, document: unknown, origins: unknown, at: string): string {
  for (const [i, member] of textsOf(origins)) {
    if (member === text) return `${at}/${i}`
    if (!member.startsWith('@')) continue
    for (const [j, inGroup] of textsOf(field(field(document, 'origins'), member.slice(1)))) {
      if (inGroup === text) return pointer('origins', member.slice(1), j)
    }
  }
  return at
}

/** An origin glob of the document, or `undefined` with its fault added to `found`. */
function readOrigin({ text, at }: Entry, found: Diagnostic[]): ExactOrigin | OriginPattern | undefined {
  const origin = parseOriginPattern(text)
  if (!('fault' in origin)) return origin
  const { fault, fix } = origin
  if (fault === 'null' || fault === 'opaque-scheme')
    found.push(diagnose('null-origin', at, [text], { witness: { origin: 'null' } }))
  else if (fault === 'too-many-expansions')
    found.push(diagnose('pattern-too-complex', at, [text, 'has more than 64 alternatives; split it']))
  else found.push(diagnose('invalid-origin', at, [text, fault, origin.at, fix], { fix }))
  return undefined
}

/** What is dangerous about sharing with an origin: an error where credentials are shared, else a warning. */
function judge(origin: ExactOrigin | OriginPattern, at: string, { credentials, accepts }: Sharing): Diagnostic[] {
  const severity = credentials ? 'error' : 'warning'
  const found: Diagnostic[] = []
  const plain = plainTextHost(origin)
  if (plain !== undefined && !accepts('insecure-origin')) {
    found.push(diagnose('insecure-origin', at, [origin.text], { severity, witness: { origin: plain } }))
  }
  if (origin.kind === 'exact') return found
  const reach = wildcardReach(origin)
  if (reach?.kind === 'any-site' && credentials) {
    found.push(diagnose('any-origin-with-credentials', at, [origin.text], { witness: { origin: reach.witness } }))
  } else if (reach?.kind === 'public-suffix' && !accepts('public-suffix')) {
    found.push(
      diagnose('public-suffix', at, [origin.text, reach.suffix], { severity, witness: { origin: reach.witness } }),
    )
  }
  return found
}

/** An origin by http, other than loopback, that the glob stands for. */
function plainTextHost(origin: ExactOrigin | OriginPattern): string | undefined {
  if (origin.kind === 'exact') return origin.scheme === 'http' && !isLoopbackHost(origin.host) ? origin.text : undefined
  if (!origin.schemes.includes('http')) return undefined
  const port = origin.ports === 'any' || origin.ports[0] === '' ? '' : `:${origin.ports[0]}`
  const literal = origin.literalHosts.find((host) => !isLoopbackHost(host))
  if (literal !== undefined) return `http://${literal}${port}`
  const sequence = origin.hosts.find((labels) => !isLoopbackGlob(labels))
  return sequence && `http://${exampleHost(sequence)}${port}`
}

function exampleHost(labels: OriginPattern['hosts'][number]): string {
  const words = labels.flatMap((step) => {
    if (step.kind === 'rest') return []
    return step.kind === 'literal' ? [step.text] : step.kind === 'affix' ? [`${step.prefix}x${step.suffix}`] : ['x']
  })
  return words.reverse().join('.')
}
