/** Which grant's glob decides an origin. Exact origins are looked up as they are; the rest by scheme, host and port. */
import { defaultPort, isIpHost, isNumberLabel, type LocatedOrigin, type Origin } from '../web/origin.js'
import { covers, plainlyDisjoint } from './covers.js'
import type { Language, Sequence } from './glob.js'
import { findWord, type Space } from './language.js'
import type { OriginPattern, Ports } from './origin-pattern.js'
import { SegmentIndex } from './segment-index.js'
import type { Family } from './specificity.js'
import { matchesWords } from './states.js'

/** The labels, right to left, of hosts that a wildcard may match: none is empty but for a trailing dot, and the last is no number. */
export const hostSpace: Space = {
  admits: (label, place) => (label === '' ? place === 0 : place > 0 || !isNumberLabel(label)),
  // The last one browsers admit, and no label of a glob does.
  fillers: 'xyzwvutsrqponmlkjihgfedcba0123456789-_!',
}

/** The labels of a host, right to left. */
export function labelsOf(host: string): string[] {
  return host.startsWith('[') ? [host] : host.split('.').reverse()
}

/** The labels of a literal host as a glob without wildcards. */
export function literalSequence(host: string): Sequence {
  return labelsOf(host).map((text) => ({ kind: 'literal', text }))
}

/** All hosts of a pattern, those without wildcards too. */
export function allHosts(pattern: OriginPattern): Language {
  return [...pattern.hosts, ...pattern.literalHosts.map(literalSequence)]
}

function hasPort(ports: Ports, port: string): boolean {
  return ports === 'any' || ports.includes(port)
}

/** Whether a wildcard may match a host: it is no IP address and none of its labels is empty, a trailing dot aside. */
function takesWildcards(host: string): boolean {
  return !isIpHost(host) && !hasEmptyLabel(host, 0, host.length)
}

/** Whether a label is empty, a trailing dot aside. */
function hasEmptyLabel(text: string, start: number, end: number): boolean {
  for (let i = start; i < end - 1; i++)
    if (text.charCodeAt(i) === dot && (i === start || text.charCodeAt(i + 1) === dot)) return true
  return end - start === 1 && text.charCodeAt(start) === dot
}

const dot = 46

/** The plain answer, without an index. */
export function matchesOrigin(pattern: OriginPattern, origin: Origin): boolean {
  if (!pattern.schemes.includes(origin.scheme) || !hasPort(pattern.ports, origin.port)) return false
  return hasHost(pattern, origin.host)
}

function hasHost(pattern: OriginPattern, host: string): boolean {
  return pattern.literalHosts.includes(host) || (takesWildcards(host) && matchesWords(pattern.hosts, labelsOf(host)))
}

/** Origin globs that are not exact under the law of specificity; what matches is shown by a serialized origin. */
export const originFamily: Family<OriginPattern, string> = {
  language: allHosts,
  plainlyDisjoint: (a, b) => !a.schemes.some((s) => b.schemes.includes(s)) || plainlyDisjoint(allHosts(a), allHosts(b)),
  covers: (wide, narrow) => {
    if (!narrow.schemes.every((s) => wide.schemes.includes(s))) return false
    if (wide.ports !== 'any' && (narrow.ports === 'any' || !narrow.ports.every((p) => hasPort(wide.ports, p))))
      return false
    return narrow.literalHosts.every((h) => hasHost(wide, h)) && covers(hostSpace, allHosts(wide), narrow.hosts)
  },
  witness: (a, b, others) => {
    for (const scheme of a.schemes.filter((s) => b.schemes.includes(s))) {
      for (const port of portsToTry(scheme, [a, b, ...others]).filter(
        (p) => hasPort(a.ports, p) && hasPort(b.ports, p),
      )) {
        const rivals = others.filter((o) => o.schemes.includes(scheme) && hasPort(o.ports, port))
        const host = commonHost(a, b, rivals)
        if (host === 'too-complex') return host
        if (host !== undefined) return `${scheme}://${host}${port === '' ? '' : `:${port}`}`
      }
    }
    return undefined
  },
}

/** A host that both name and none of the others. */
function commonHost(
  a: OriginPattern,
  b: OriginPattern,
  others: readonly OriginPattern[],
): string | undefined | 'too-complex' {
  const literal = [...a.literalHosts, ...b.literalHosts].find(
    (h) => hasHost(a, h) && hasHost(b, h) && !others.some((o) => hasHost(o, h)),
  )
  if (literal !== undefined) return literal
  const found = findWord(hostSpace, [a.hosts, b.hosts], others.map(allHosts))
  return typeof found === 'object' ? [...found].reverse().join('.') : found
}

/** The ports that patterns tell apart: the implicit one, those they name, and one that neither they nor `taken` names. */
export function portsToTry(
  scheme: string,
  patterns: readonly OriginPattern[],
  taken: ReadonlySet<string> = new Set(),
): readonly string[] {
  const named = new Set(patterns.flatMap((p) => (p.ports === 'any' ? [] : p.ports)))
  let fresh = 8080
  while (named.has(String(fresh)) || taken.has(String(fresh))) fresh++
  return [...new Set(['', ...named, String(fresh)])].filter((p) => p !== defaultPort(scheme))
}

/** A pattern of the index: what it belongs to, and its place in the order of specificity. */
export interface PatternEntry<T> {
  readonly pattern: OriginPattern
  readonly rank: number
  readonly value: T
}

/** One host glob of a pattern, and what else there is to look at once its labels match. */
interface HostEntry<T> extends PatternEntry<T> {
  /** By https without a port, and nothing else. */
  readonly isPlainHttps: boolean
  /** Its last label is a wildcard, which an IP address may come to. */
  readonly mayTakeIp: boolean
  /** Of all steps only `**` takes empty labels. */
  readonly mayTakeEmpty: boolean
}

function hostEntry<T>(entry: PatternEntry<T>, sequence: Sequence): HostEntry<T> {
  const { schemes, ports } = entry.pattern
  const isPlainHttps = schemes.length === 1 && schemes[0] === 'https' && ports.length === 1 && ports[0] === ''
  const last = sequence.find((step) => step.kind !== 'literal' || step.text !== '')
  const mayTakeEmpty = sequence.some(({ kind }) => kind === 'rest')
  return { ...entry, isPlainHttps, mayTakeIp: last?.kind !== 'literal', mayTakeEmpty }
}

function admits<T>(entry: HostEntry<T>, { text, scheme, hostStart, hostEnd, port }: LocatedOrigin): boolean {
  const { pattern, isPlainHttps, mayTakeIp, mayTakeEmpty } = entry
  if (
    !(isPlainHttps
      ? scheme === 'https' && port === ''
      : pattern.schemes.includes(scheme) && hasPort(pattern.ports, port))
  )
    return false
  if (mayTakeIp && isIpHost(text, hostStart, hostEnd)) return false
  return !mayTakeEmpty || !hasEmptyLabel(text, hostStart, hostEnd)
}

/** Finds the owner of the most specific pattern that matches an origin. */
export class OriginPatternIndex<T> {
  readonly #hosts = new SegmentIndex<HostEntry<T>, LocatedOrigin>({ separator: '.', fromRight: true }, admits)

  constructor(entries: Iterable<PatternEntry<T>>) {
    for (const entry of entries) {
      for (const sequence of allHosts(entry.pattern)) this.#hosts.add(sequence, hostEntry(entry, sequence))
    }
  }

  find(origin: Origin): T | undefined {
    return this.entry(origin)?.value
  }

  /** The pattern that decides. */
  entry(origin: Origin): PatternEntry<T> | undefined {
    const { host, scheme, port } = origin
    return this.#entryAt({ text: host, scheme, hostStart: 0, hostEnd: host.length, port })
  }

  /** As `find`, of an origin that stands in its text. */
  findAt(origin: LocatedOrigin): T | undefined {
    return this.#entryAt(origin)?.value
  }

  #entryAt(origin: LocatedOrigin): PatternEntry<T> | undefined {
    return this.#hosts.find(origin.text, origin.hostStart, origin.hostEnd, origin)
  }
}
