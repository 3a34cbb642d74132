/**
 * The `Origin` header of a request (Fetch, "`Origin` header"; HTML, "serialization of an origin").
 *
 * This parser reads what a client sent: quickly, lengths first, and answers `undefined` for whatever is not one
 * serialized origin. The parser of policy text, which says why and where, is `pattern/origin-pattern.ts`.
 *
 * It is laxer than the standard's ABNF on hosts, since browsers are: they load and serialize `exa_mple.example`,
 * `a..example`, `app.example.` and hosts with most ASCII punctuation. It is as strict as browsers on everything else:
 * lower case, no default port, nothing that could end a host early.
 */

/** A tuple origin as received. */
export interface Origin {
  readonly scheme: string
  /** A domain, an IPv4 address, or an IPv6 address in brackets. */
  readonly host: string
  /** Decimal digits; empty where the port is the scheme's default, which is never written out. */
  readonly port: string
}

/** Scheme 64, "://" 3, host 253 and a trailing dot, ":" and a port of 5 digits: 327, rounded up. */
export const maxOriginLength = 330

const maxSchemeLength = 64
const maxHostLength = 254

/** URL, "special scheme": the ports that serialization leaves out. */
const defaultPorts: ReadonlyMap<string, string> = new Map([
  ['http', '80'],
  ['https', '443'],
  ['ws', '80'],
  ['wss', '443'],
  ['ftp', '21'],
])

/** The port that is left out of a serialized origin of this scheme, if it has one. */
export function defaultPort(scheme: string): string | undefined {
  return defaultPorts.get(scheme)
}

const schemeCharacter = 1
const hostCharacter = 2

/** By ASCII code: whether the character may stand in a scheme, in a host. */
const classes = characterClasses()

function characterClasses(): Uint8Array {
  const table = new Uint8Array(128)
  for (const c of 'abcdefghijklmnopqrstuvwxyz0123456789+-.') table[c.charCodeAt(0)] = schemeCharacter | hostCharacter
  // Chromium loads such hosts and sends them as they are; an upper-case letter, a forbidden host code point or a
  // percent sign never comes.
  for (const c of '!"$&\'()*,;=_`{}~') table[c.charCodeAt(0)] = hostCharacter
  return table
}

/**
 * An origin as it stands in its text, none of it cut out: of the requests of one rule nearly all have the same few schemes
 * and no port, and a host is looked at where it stands.
 */
export interface LocatedOrigin {
  readonly text: string
  readonly scheme: string
  /** The host stands from here up to `hostEnd`. */
  readonly hostStart: number
  readonly hostEnd: number
  readonly port: string
}

/** The origin that `text` serializes, or `undefined`. `null` is not a tuple origin. Linear, and bounded by `maxOriginLength`. */
export function parseOrigin(text: string): Origin | undefined {
  if (text.length > maxOriginLength) return undefined
  const located = locateOrigin(text, originHash(text))
  if (located === undefined) return undefined
  const { scheme, hostStart, hostEnd, port } = located
  return { scheme, host: text.slice(hostStart, hostEnd), port }
}

const httpsLength = 'https://'.length

/**
 * A number by which an origin is looked up, made by one look at each character behind the eighth; and on the way, whether
 * all of these may stand in a domain: then it is not negative. Total. (FNV-1a, over what two origins of one site differ in.)
 *
 * Precondition: no longer than `maxOriginLength`, for the time is linear.
 */
export function originHash(text: string): number {
  let hash = 0x811c9dc5
  let common = hostCharacter
  let bits = 0
  for (let i = httpsLength; i < text.length; i++) {
    const c = text.charCodeAt(i)
    hash = Math.imul(hash ^ c, 0x01000193)
    common &= classes[c & 127] as number
    bits |= c
  }
  return common !== 0 && bits < 128 ? hash & 0x7fffffff : hash | 0x80000000
}

/** Where the parts of an origin are. Preconditions: `hash` is its `originHash`, and so that one's. */
export function locateOrigin(text: string, hash: number): LocatedOrigin | undefined {
  const { length } = text
  // As nearly all are: a domain by https, without a port. Its characters have been looked at.
  if (hash >= 0 && length > httpsLength && length <= httpsLength + maxHostLength && isHttps(text)) {
    return { text, scheme: 'https', hostStart: httpsLength, hostEnd: length, port: '' }
  }
  if (length < 5) return undefined
  const colon = schemeEnd(text)
  if (colon === -1 || !text.startsWith('://', colon)) return undefined
  const hostStart = colon + 3
  const hostEnd = text.charCodeAt(hostStart) === openBracket ? ipv6End(text, hostStart) : domainEnd(text, hostStart)
  if (hostEnd <= hostStart || hostEnd - hostStart > maxHostLength) return undefined
  const scheme = text.slice(0, colon)
  if (hostEnd === length) return { text, scheme, hostStart, hostEnd, port: '' }
  const port = text.slice(hostEnd + 1)
  if (text.charCodeAt(hostEnd) !== colonCode || !isPort(port) || port === defaultPorts.get(scheme)) return undefined
  return { text, scheme, hostStart, hostEnd, port }
}

/** Whether it starts with `https://`: letter by letter, for `startsWith` takes twice as long. */
function isHttps(text: string): boolean {
  return (
    text.charCodeAt(0) === 104 &&
    text.charCodeAt(1) === 116 &&
    text.charCodeAt(2) === 116 &&
    text.charCodeAt(3) === 112 &&
    text.charCodeAt(4) === 115 &&
    text.charCodeAt(5) === colonCode &&
    text.charCodeAt(6) === slash &&
    text.charCodeAt(7) === slash
  )
}

const colonCode = 58
const openBracket = 91
const closeBracket = 93
const dot = 46
const slash = 47
const zero = 48
const nine = 57

/** Index of the colon that ends a scheme (RFC 3986, section 3.1, in lower case), or -1. */
function schemeEnd(text: string): number {
  const first = text.charCodeAt(0)
  if (first < 97 || first > 122) return -1
  for (let i = 1; i <= maxSchemeLength && i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === colonCode) return i
    if (c > 127 || ((classes[c] as number) & schemeCharacter) === 0) return -1
  }
  return -1
}

/** Index behind a domain or IPv4 address: of a colon or of the text's end; -1 at a character no host holds. */
function domainEnd(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === colonCode) return i
    if (c > 127 || ((classes[c] as number) & hostCharacter) === 0) return -1
  }
  return text.length
}

/** Index behind the bracket that closes an IPv6 address, or -1. Whether it is canonical is left to the comparison. */
function ipv6End(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c === closeBracket) return i - start > 2 ? i + 1 : -1
    const hex = (c >= zero && c <= nine) || (c >= 97 && c <= 102)
    if (!hex && c !== colonCode) return -1
  }
  return -1
}

/** A port as serialized: 0 to 65535 in decimal digits, no leading zero. */
export function isPort(text: string): boolean {
  if (text.length === 0 || text.length > 5) return false
  if (text.length > 1 && text.charCodeAt(0) === zero) return false
  let value = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c < zero || c > nine) return false
    value = value * 10 + c - zero
  }
  return value <= 65535
}

/**
 * Whether the host that stands in `text` from `start` up to `end` is an IP address: bracketed, or a domain that "ends in a
 * number" (URL, "ends-in-a-number checker"), which a browser takes for an IPv4 address or refuses.
 */
export function isIpHost(text: string, start: number = 0, end: number = text.length): boolean {
  if (text.charCodeAt(start) === openBracket) return true
  const last = text.charCodeAt(end - 1) === dot ? end - 1 : end
  let label = last
  while (label > start && text.charCodeAt(label - 1) !== dot) label--
  // Every number starts with a digit, and hardly any other last label does.
  const first = text.charCodeAt(label)
  return first >= zero && first <= nine && isNumberLabel(text.slice(label, last))
}

/** Whether a label is a number to the ends-in-a-number checker: digits, or `0x` and hexadecimal digits. */
export function isNumberLabel(label: string): boolean {
  if (label.length === 0) return false
  const hex = label.startsWith('0x')
  for (let i = hex ? 2 : 0; i < label.length; i++) {
    const c = label.charCodeAt(i)
    if ((c < zero || c > nine) && !(hex && c >= 97 && c <= 102)) return false
  }
  return true
}
