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

/** The origin that `text` serializes, or `undefined`. `null` is not a tuple origin. Linear, and bounded by `maxOriginLength`. */
export function parseOrigin(text: string): Origin | undefined {
  const length = text.length
  if (length > maxOriginLength || length < 5) return undefined
  const colon = schemeEnd(text)
  if (colon === -1 || !text.startsWith('://', colon)) return undefined
  const hostStart = colon + 3
  const end = text.charCodeAt(hostStart) === openBracket ? ipv6End(text, hostStart) : hostEnd(text, hostStart)
  if (end <= hostStart || end - hostStart > maxHostLength) return undefined
  const scheme = text.slice(0, colon)
  const host = text.slice(hostStart, end)
  if (end === length) return { scheme, host, port: '' }
  const port = text.slice(end + 1)
  if (text.charCodeAt(end) !== colonCode || !isPort(port) || port === defaultPorts.get(scheme)) return undefined
  return { scheme, host, port }
}

const colonCode = 58
const openBracket = 91
const closeBracket = 93
const dot = 46
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
function hostEnd(text: string, start: number): number {
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
 * Whether the host is an IP address: bracketed, or a domain that "ends in a number" (URL, "ends-in-a-number checker"),
 * which a browser takes for an IPv4 address or refuses.
 */
export function isIpHost(host: string): boolean {
  if (host.charCodeAt(0) === openBracket) return true
  const end = host.charCodeAt(host.length - 1) === dot ? host.length - 1 : host.length
  let start = end
  while (start > 0 && host.charCodeAt(start - 1) !== dot) start--
  // Every number starts with a digit, and hardly any other last label does.
  const first = host.charCodeAt(start)
  return first >= zero && first <= nine && isNumberLabel(host.slice(start, end))
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
