/**
 * Origin globs: policy text into scheme, host and port, with a fault that says why and where.
 *
 *     glob   = "*" / scheme "://" host [ ":" port ]     ; "*" alone: anyone
 *     scheme = literal / "{http,https}"
 *     host   = [ "**." ] label *( "." label ) / "**" / IP address
 *     label  = "*" / *part [ "*" ] *part                ; "**" one or more labels, "*" one label or a run in a label
 *     part   = 1*( lower-case letter / digit / "-" / "_" ) / "{" alternative 1*( "," alternative ) "}"
 *     port   = number / "{" number 1*( "," number ) "}" / "*"    ; "*": any, the implicit one too
 *
 * Literals are written as browsers serialize them, so that the text is what `Origin` must say. The parts are matched
 * apart, never as one string. Wildcards never match an IP address.
 */
import { defaultPort, isNumberLabel, isPort } from '../web/origin.js'
import { type BraceFault, expandBraces, type FaultAt } from './braces.js'
import { type Language, maxExpansions, maxGlobLength, type Sequence, stepOf } from './glob.js'
import { type HostFault, hostFault, isLoopbackHost, serializedHost } from './host.js'

/** Any port, or the ports listed; the empty one is the scheme's default, which is not written out. */
export type Ports = 'any' | readonly string[]

/** One origin and no other. */
export interface ExactOrigin {
  readonly kind: 'exact'
  /** As browsers serialize it: without braces, where the glob has some around equal alternatives. */
  readonly text: string
  readonly scheme: string
  readonly host: string
}

/** Several origins: their schemes, hosts and ports in every combination. */
export interface OriginPattern {
  readonly kind: 'pattern'
  readonly text: string
  readonly schemes: readonly string[]
  /** Labels from right to left; a trailing dot is an empty label in front. Empty where all hosts are in `literalHosts`. */
  readonly hosts: Language
  /** Hosts without a wildcard, IP addresses among them. Empty where all hosts are in `hosts`. */
  readonly literalHosts: readonly string[]
  readonly ports: Ports
}

export type OriginFault =
  | HostFault
  | BraceFault
  | 'too-long'
  | 'null'
  | 'opaque-scheme'
  | 'no-scheme'
  | 'scheme'
  | 'scheme-braces'
  | 'not-an-origin'
  | 'several-origins'
  | 'two-stars'
  | 'globstar-in-label'
  | 'globstar-not-leftmost'
  | 'wildcard-over-ip'
  | 'port'
  | 'default-port'
  | 'not-exact'
  | 'group'

export interface OriginPatternFault extends FaultAt<OriginFault> {
  /** The glob that was probably meant. */
  readonly fix?: string
}

/** The exact origin or pattern that `text` spells, or its first fault. `"*"` and `"@group"` are the caller's. */
export function parseOriginPattern(text: string): ExactOrigin | OriginPattern | OriginPatternFault {
  if (text.length > maxGlobLength) return { fault: 'too-long', at: maxGlobLength }
  const parts = cut(text)
  if ('fault' in parts) return parts
  const { schemes, host, hostAt, port } = parts
  const ports = parsePorts(port, schemes)
  if (ports === 'fault')
    return { fault: 'port', at: hostAt + host.length + 1, ...fixed(text, withPlainPort(text, hostAt + host.length)) }
  if (ports === 'default') return defaultPortFault(text, hostAt + host.length, port, schemes)
  const hosts = parseHosts(host)
  if ('fault' in hosts) {
    const { fix, ...fault } = hosts
    const whole = fix === undefined ? undefined : meant(text.slice(0, hostAt) + fix + text.slice(hostAt + host.length))
    return { ...fault, at: hosts.at + hostAt, ...fixed(text, whole) }
  }
  const [scheme] = schemes
  const [literal] = hosts.literalHosts
  if (schemes.length === 1 && scheme !== undefined && literal !== undefined && isSingle(hosts, ports)) {
    return {
      kind: 'exact',
      text: `${scheme}://${literal}${ports[0] === '' ? '' : `:${ports[0]}`}`,
      scheme,
      host: literal,
    }
  }
  return { kind: 'pattern', text, schemes, ...hosts, ports }
}

/**
 * Whether `text` is an exact origin of the plainest kind, as nearly all are: one look at each character. `false` says
 * nothing; `parseOriginPattern` then tells.
 */
export function isPlainOrigin(text: string): boolean {
  const hostAt = text.startsWith('https://') ? 8 : text.startsWith('http://') ? 7 : -1
  if (hostAt === -1 || text.length > hostAt + 253) return false
  let labelAt = hostAt
  let hasLetter = false
  for (let i = hostAt; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === dot) {
      if (i === labelAt || i - labelAt > 63) return false
      labelAt = i + 1
      hasLetter = false
    } else if (c >= letterA && c <= letterZ) {
      // `xn--` has to be decoded, and `0x` may be a number.
      if (
        c === letterX &&
        (i === labelAt ? text.startsWith('xn--', i) : i === labelAt + 1 && text.charCodeAt(labelAt) === digit0)
      )
        return false
      hasLetter = true
    } else if (c !== hyphen && (c < digit0 || c > digit9)) return false
  }
  return hasLetter && text.length - labelAt <= 63
}

const dot = 46
const hyphen = 45
const digit0 = 48
const digit9 = 57
const letterA = 97
const letterX = 120
const letterZ = 122

type Hosts = Pick<OriginPattern, 'hosts' | 'literalHosts'>

function isSingle(hosts: Hosts, ports: Ports): boolean {
  return hosts.hosts.length === 0 && hosts.literalHosts.length === 1 && ports !== 'any' && ports.length === 1
}

interface Parts {
  readonly schemes: readonly string[]
  readonly host: string
  readonly hostAt: number
  readonly port: string | undefined
}

/** Scheme, host and port as written, the host unread. */
function cut(text: string): Parts | OriginPatternFault {
  if (/^null$/i.test(text)) return { fault: 'null', at: 0 }
  if (/^(file|data|blob|about|javascript):/i.test(text)) return { fault: 'opaque-scheme', at: 0 }
  const separator = text.indexOf('://')
  if (separator < 1) return { fault: 'no-scheme', at: 0, ...fixed(text, withScheme(text)) }
  const schemes = parseSchemes(text.slice(0, separator))
  if (schemes === undefined) {
    const braces = text.startsWith('{')
    return { fault: braces ? 'scheme-braces' : 'scheme', at: 0, ...(braces ? {} : fixed(text, repaired(text))) }
  }
  const hostAt = separator + 3
  const rest = text.slice(hostAt)
  if (/[,\s]\s*(?:- )?[a-z]+:\/\//i.test(rest)) return { fault: 'several-origins', at: hostAt + rest.search(/[,\s]/) }
  const stray = rest.search(/[/?#@\\\s]/)
  if (stray !== -1) return { fault: 'not-an-origin', at: hostAt + stray, ...fixed(text, repaired(text)) }
  const colon = rest.indexOf(':', rest.startsWith('[') ? rest.indexOf(']') + 1 || rest.length : 0)
  if (colon === -1) return { schemes, host: rest, hostAt, port: undefined }
  return { schemes, host: rest.slice(0, colon), hostAt, port: rest.slice(colon + 1) }
}

function parseSchemes(text: string): readonly string[] | undefined {
  if (text === '{http,https}' || text === '{https,http}') return ['http', 'https']
  return /^[a-z][a-z0-9+.-]{0,63}$/.test(text) ? [text] : undefined
}

function parsePorts(text: string | undefined, schemes: readonly string[]): Ports | 'fault' | 'default' {
  if (text === undefined) return ['']
  if (text === '*') return 'any'
  const ports = text.startsWith('{') ? expandBraces(text) : [text]
  if (!Array.isArray(ports) || !ports.every((p) => isPort(p) && p !== '0')) return 'fault'
  return ports.some((p) => schemes.some((s) => defaultPort(s) === p)) ? 'default' : ports
}

function defaultPortFault(
  text: string,
  colon: number,
  port: string | undefined,
  schemes: readonly string[],
): OriginPatternFault {
  const lone = schemes.length === 1 && port !== undefined && !port.startsWith('{')
  return { fault: 'default-port', at: colon + 1, ...fixed(text, lone ? meant(text.slice(0, colon)) : undefined) }
}

/** The hosts that a host glob names; faults are placed within `host`. */
function parseHosts(host: string): Hosts | OriginPatternFault {
  if (!/[*{}]/.test(host)) return hostFault(host) ?? { hosts: [], literalHosts: [host] }
  if (host.startsWith('[')) return { fault: 'wildcard-over-ip', at: host.search(/[*{}]/) }
  const written = expandHost(host)
  if ('fault' in written) return written
  const sequences: Sequence[] = []
  const literalHosts: string[] = []
  for (const words of written.hosts) {
    const fault = wildcardHostFault(words, host)
    if (fault) return fault
    const text = words.join('.')
    if (text.includes('*')) sequences.push(hostSequence(words))
    else literalHosts.push(text)
  }
  return { hosts: sequences, literalHosts }
}

/** A host's labels with their braces written out, in every combination. */
function expandHost(host: string): { readonly hosts: readonly (readonly string[])[] } | OriginPatternFault {
  let hosts: (readonly string[])[] = [[]]
  let at = 0
  const labels = host.split('.')
  for (const [i, label] of labels.entries()) {
    if (label.includes('**') && label !== '**') return { fault: 'globstar-in-label', at: at + label.indexOf('**') }
    if (label === '**' && i > 0) return { fault: 'globstar-not-leftmost', at }
    const words = expandBraces(label)
    if (!Array.isArray(words)) return { ...(words as FaultAt<BraceFault>), at: at + (words as FaultAt<BraceFault>).at }
    if (label !== '**' && label.split('*').length > 2) return { fault: 'two-stars', at: at + label.lastIndexOf('*') }
    if (hosts.length * words.length > maxExpansions) return { fault: 'too-many-expansions', at }
    hosts = hosts.flatMap((h) => words.map((word: string) => [...h, word]))
    at += label.length + 1
  }
  return { hosts }
}

/** A host is held to the rules of literals with `a` in place of each wildcard, which is right for every rule but the IP's. */
function wildcardHostFault(words: readonly string[], host: string): OriginPatternFault | undefined {
  if (words.some((w) => w.includes('*')) && looksLikeIp(words.at(-1) === '' ? words.slice(0, -1) : words)) {
    return { fault: 'wildcard-over-ip', at: host.indexOf('*') }
  }
  // A part of an A-label means nothing: no label that holds a wildcard is one.
  const filled = words.map((w) => (w.startsWith('xn--') && w.includes('*') ? 'xn--' : w.replace(/\*\*?/, 'a')))
  const fault = hostFault(filled.join('.'))
  if (fault === undefined) return undefined
  const fix = host.includes('{') ? undefined : serializedWildcardHost(host)
  return {
    fault: fault.fault,
    at: fault.fault === 'host-character' ? Math.max(0, host.search(/[^a-z0-9._*{},-]/)) : 0,
    ...fixed(host, fix),
  }
}

/** Whether a host ends in a number, or is numbers and wildcards throughout: `10.0.*` would match `10.0.com` alone. */
function looksLikeIp(words: readonly string[]): boolean {
  const numbers = words.filter((w) => isNumberLabel(w.replace('*', '')))
  return (
    isNumberLabel(words.at(-1) ?? '') ||
    (numbers.length > 0 && words.every((w) => /^\*+$/.test(w) || numbers.includes(w)))
  )
}

/** Labels are serialized one by one, so that the wildcards stay. */
function serializedWildcardHost(host: string): string | undefined {
  const labels = host
    .split('.')
    .map((label) => (label.includes('*') ? label.toLowerCase() : (serializedHost(label) ?? label)))
  const fix = labels.join('.')
  return /[^a-z0-9._*-]/.test(fix) ? undefined : fix
}

/** Right to left; `**` is one or more labels. */
function hostSequence(words: readonly string[]): Sequence {
  return [...words].reverse().flatMap((word) => (word === '**' ? [stepOf('*'), stepOf('**')] : [stepOf(word)]))
}

function fixed(text: string, fix: string | undefined): { readonly fix?: string } {
  return fix === undefined || fix === text ? {} : { fix }
}

/** `example.com` → `https://example.com`, loopback by http. Not what has a scheme (`mailto:`), nor one label, which may be any word. */
function withScheme(text: string): string | undefined {
  const bare = text.trim().replace(/^:?\/+/, '')
  if (/^[a-z][a-z0-9+.-]*:(?![0-9*{])|^@/i.test(bare)) return undefined
  const fix = meant(`https://${bare}`)
  const host = /https:\/\/(\[.*\]|[^:]*)/.exec(fix ?? '')?.[1] ?? ''
  if (isLoopbackHost(host)) return /:443\b/.test(bare) ? fix : meant(`http://${bare}`)
  return /[.[]/.test(host) ? fix : undefined
}

/** The origin within a URL: trimmed, scheme in lower case, path, query, fragment and user information dropped. */
function repaired(text: string): string | undefined {
  const [, scheme = '', authority = ''] = /^([a-z][a-z0-9+.-]*):\/\/([^/?#\\]*)/i.exec(text.trim()) ?? []
  const fix = `${scheme.toLowerCase()}://${authority.slice(authority.lastIndexOf('@') + 1)}`
  return fix === text ? undefined : meant(fix)
}

/** Without the zeros in front of a port, or without the colon that no port follows. */
function withPlainPort(text: string, colon: number): string | undefined {
  const port = text.slice(colon + 1)
  const fix = port === '' ? text.slice(0, colon) : `${text.slice(0, colon)}:${port.replace(/^0+(?=[0-9])/, '')}`
  return fix === text ? undefined : meant(fix)
}

/** The text if it is an origin glob, else what its fault would have it be. */
function meant(text: string): string | undefined {
  const read = parseOriginPattern(text)
  return 'fault' in read ? read.fix : text
}
